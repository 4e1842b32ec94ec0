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

/** What differs between the stages that are deployed. */
interface Settings {
  /** Whose conversations the sources write, and in whose name: object ids, 24 lower-case hex digits. */
  organisation: { id: string; userId: string };
  destination: Destination;
  /**
   * What senders call, when it is not the address that AWS gives the API: the custom domain, and the path that maps it to the
   * API if there is one. `https://hooks.example.com/intake`, no slash at the end. Some senders sign it.
   */
  publicBaseUrl?: string;
  /** Protects tables from deletion and keeps them, the queue and the bucket, when their stack goes. */
  keepsData: boolean;
  /** Days that log lines are kept: one of the numbers CloudWatch Logs takes. */
  logRetentionDays: 7 | 30 | 90 | 365;
  /** Seconds that write-drafts waits at most for a batch of messages to fill. */
  batchWindowSeconds: number;
  /** How many write-drafts may run at once: 2 or more. */
  writers: number;
  /** Who is told of alarms: an address, which AWS asks to confirm, or a topic in the stage's region. Nobody when not given. */
  alarmTarget?: { email: string } | { topicArn: string };
}

/** A stage's settings, and its name. */
export interface StageSettings extends Settings {
  stage: string;
}

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
  },
};

/** The settings of a stage. Throws an Error that names the stages there are. */
export function stageSettings(name: string): StageSettings {
  const settings = Object.hasOwn(stages, name) ? stages[name] : undefined;
  if (!settings) {
    throw new Error(
      `There is no stage ${name} in infra/stages.ts: there are ${Object.keys(stages).join(', ')}`,
    );
  }
  return { ...settings, stage: name };
}
