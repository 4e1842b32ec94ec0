/** Where a stage's conversations live. */
type Destination =
  | { kind: 'dynamodb' }
  | {
      /** Relayed to the Kustomer organisation of `organisation.id`. */
      kind: 'kustomer';
      /** `https://<organisation>.api.kustomerapp.com`, no slash at the end. */
      baseUrl: string;
      /** Complete ARN of the secret that holds the API key. Without it one is made: the output KustomerApiKeySecret. */
      apiKeySecret?: string;
      /** Of the organisation's requests a minute, the share that is left to agents and others: 0.2 when not given, from 0 to below 1. */
      reservedShare?: number;
      /** The organisation's requests a minute, by its plan: counts where the vendor's answers do not tell. */
      requestsPerMinute?: number;
      /** Bytes that the vendor takes in a request: 100,000 when not given. */
      requestBytes?: number;
      /** Seconds that the vendor may work on what was handed over in bulk, before it is created one by one: 600 when not given. */
      bulkPatienceSeconds?: number;
      /** Whether customers are made there whom it does not know by email, phone or externalId: true when not given. */
      newCustomers?: boolean;
    };

/** Who is told when an alarm goes off: one address, or a topic of yours with whatever listens to it. */
type AlarmTarget = { email: string } | { topicArn: string };

/** A domain of your own in front of the API: docs/deploying.md says what it takes. */
export interface Domain {
  /** `intake.example.com`. */
  name: string;
  /** Of a certificate in AWS Certificate Manager, in the stage's own region. */
  certificateArn: string;
  /**
   * Lets in only clients with a certificate that one of the truststore's authorities issued. Senders like Stripe have none: for a
   * stage whose callers are all your own. The address that AWS gives the API is switched off then.
   */
  mutualTls?: {
    /** The bucket, in the stage's own region, and the object in it: the authorities' certificates in PEM, one after another. */
    truststoreBucket: string;
    truststoreKey: string;
    /** Of the object: API Gateway reads it anew only when this changes, so the bucket should keep versions. */
    truststoreVersion?: string;
  };
}

/** The routes that are throttled alike. */
export type RouteGroup = 'hooks' | 'creates' | 'bulk' | 'reads' | 'replays' | 'others';

/** What each route takes before it answers 429: requests a second, and how many at once when it was idle. */
export interface Throttle {
  rate: number;
  burst: number;
}

/** What differs between the stages that are deployed. */
interface Settings {
  /** Whose conversations the sources write, and in whose name: object ids, 24 lower-case hex digits. */
  organisation: { id: string; userId: string };
  destination: Destination;
  /** The sources that are on, by their names in the URL: all unless it says which are off, or which alone are on. */
  sources?: { off: readonly string[] } | { only: readonly string[] };
  /** A domain of your own; without it the API has the address that AWS gives it. */
  domain?: Domain;
  /**
   * What senders call, when it is neither the domain's own address nor the one that AWS gives the API: something of yours is in front.
   * `https://hooks.example.com/intake`, no slash at the end. Some senders sign it.
   */
  publicBaseUrl?: string;
  /** Protects tables from deletion and keeps them, the queue, the bucket and the secrets, when their stack goes; a deployment that would remove one is refused. */
  keepsData: boolean;
  /** Days that log lines are kept: one of the numbers CloudWatch Logs takes. */
  logRetentionDays: (typeof retentionDays)[number];
  /** Seconds that write-drafts waits at most for a batch of messages to fill: from 1 to 300. */
  batchWindowSeconds: number;
  /** How many write-drafts may run at once: 2 or more. */
  writers: number;
  /**
   * Executions that are set aside. AWS knows one number for two things: so many are always there for the function, and it never has
   * more. For `hooks` it is meant as the cap: anybody can send to receive-hook, and each delivery is work before it is refused; what
   * comes above is 503, and senders send again. For `creates` it is meant as the reserve: callers wait, and no flood of anything else
   * in the account takes the place of theirs. Bulk, reads and replays share what is left, and write-drafts has `writers`. AWS leaves
   * at least 100 of the account's executions unreserved, and new accounts have few: without this setting nothing is set aside.
   */
  reservedConcurrency?: { hooks?: number; creates?: number };
  /** How much each route of a group takes; the groups that it leaves out, as in `defaultThrottling`. */
  throttling?: Partial<Record<RouteGroup, Throttle>>;
  /**
   * How a new version of a function takes over: 10 percent of its invocations for so many minutes, then all of them; back to the version
   * before, and the whole deployment with it, when an alarm goes off meanwhile. All at once, and watched by nobody, without it.
   */
  rollout?: { canaryMinutes: 5 | 10 | 15 | 30 };
  /** Who is told of alarms and of the budget; without it they are only seen in the console. */
  alarmTarget?: AlarmTarget;
  /** US dollars a month: the alarm target is told at 80 and 100 percent of it, and when a month is going to cost more. Needs `alarmTarget`. */
  monthlyBudget?: number;
}

/** A stage's settings, and its name. */
export interface StageSettings extends Settings {
  stage: string;
}

/** What CloudWatch Logs takes, in days. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
export const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** How much each route takes unless its stage says otherwise: far above what one organisation needs, and far below what an account can bear. */
export const defaultThrottling: Readonly<Record<RouteGroup, Throttle>> = {
  hooks: { rate: 300, burst: 600 },
  creates: { rate: 200, burst: 400 },
  // Each may bring 10,000 conversations.
  bulk: { rate: 5, burst: 10 },
  reads: { rate: 200, burst: 400 },
  // Each may run 1,000 deliveries again.
  replays: { rate: 5, burst: 10 },
  // Nobody needs what answers 404.
  others: { rate: 20, burst: 40 },
};

/** The stages by name: `npm start` runs dev; `npm run deploy -- --stage prod` deploys prod. */
export const stages: Readonly<Record<string, Settings>> = {
  dev: {
    organisation: { id: '57f29863a1dbf61100e6aa92', userId: '58190b991f2932100010d683' },
    destination: { kind: 'dynamodb' },
    keepsData: false,
    logRetentionDays: 7,
    batchWindowSeconds: 1,
    writers: 2,
  },
  prod: {
    organisation: { id: '5a96dac36dd73800112fab2e', userId: '5a96dac46dd73800112fab30' },
    destination: { kind: 'dynamodb' },
    keepsData: true,
    logRetentionDays: 90,
    batchWindowSeconds: 1,
    writers: 10,
    reservedConcurrency: { hooks: 100, creates: 100 },
    rollout: { canaryMinutes: 5 },
  },
};

/** The settings of a stage, as they are written. Throws an Error that names the stages there are. */
export function stageSettings(name: string): StageSettings {
  const settings = Object.hasOwn(stages, name) ? stages[name] : undefined;
  if (!settings) {
    throw new Error(
      `There is no stage ${name} in infra/stages.ts: there are ${Object.keys(stages).join(', ')}`,
    );
  }
  return { ...settings, stage: name };
}
