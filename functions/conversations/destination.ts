import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { readConfig } from '../lambda/config.ts';
import type { ConversationStore } from './conversation-store.ts';
import { DynamoStore } from './dynamo-store.ts';

/** What a destination may be reached by. */
export interface Access {
  dynamodb: DynamoDBClient;
  /** Reads the value of a secret, by its ARN. Throws what Secrets Manager throws. */
  readSecret: (arn: string) => Promise<string>;
}

/** The part of Lambda's context that tells how much time an invocation has. */
export interface Invocation {
  getRemainingTimeInMillis(): number;
}

/** Milliseconds, and the share of an invocation's time, that are kept for what comes after the store. */
const margin = { least: 500, share: 0.05 };

/**
 * Where the stage's conversations live, by the function's environment: with KUSTOMER_BASE_URL in a Kustomer organisation, else in the
 * table CONVERSATIONS_TABLE. Read at cold start; the relay's own code is loaded on first use, by those stages that relay. The store is
 * for one invocation.
 */
export function destination({
  dynamodb,
  readSecret,
}: Access): (by: Invocation) => Promise<ConversationStore> {
  const { KUSTOMER_BASE_URL: baseUrl } = readConfig('KUSTOMER_BASE_URL');
  if (baseUrl === undefined) {
    const store = new DynamoStore(dynamodb, readConfig('CONVERSATIONS_TABLE').CONVERSATIONS_TABLE);
    return async () => store;
  }
  const config = readConfig(
    'KUSTOMER_KEY_ARN',
    'KUSTOMER_REQUEST_BYTES',
    'KUSTOMER_NEW_CUSTOMERS',
    'KUSTOMER_REQUESTS_PER_MINUTE',
    'KUSTOMER_RESERVED_SHARE',
    'ORGANISATION_ID',
  );
  const settings = {
    baseUrl,
    org: config.ORGANISATION_ID,
    reservedShare: config.KUSTOMER_RESERVED_SHARE,
    requestsPerMinute: config.KUSTOMER_REQUESTS_PER_MINUTE,
    requestBytes: config.KUSTOMER_REQUEST_BYTES,
    newCustomers: config.KUSTOMER_NEW_CUSTOMERS !== 'no',
    readKey: () => readSecret(config.KUSTOMER_KEY_ARN),
  };
  let opened: Promise<(timeLeft: () => number) => ConversationStore> | undefined;
  return async (by) => {
    opened ??= import('./open-kustomer.ts').then(({ openKustomer }) => openKustomer(settings));
    return (await opened)(() => timeFor(by));
  };
}

function timeFor(by: Invocation): number {
  const left = by.getRemainingTimeInMillis();
  return left - Math.max(margin.least, left * margin.share);
}
