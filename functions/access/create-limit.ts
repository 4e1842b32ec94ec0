import {
  ConditionalCheckFailedException,
  UpdateItemCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { Problem } from '../lambda/problem.ts';

/** Creates a minute for one customer by one key: https://developer.kustomer.com/docs/concepts/rate-limits */
export const createsPerMinute = 120;
/** Counters are of no use after their minute; DynamoDB deletes them some time after this many seconds more. */
const keptFor = 3600;

/** A create that was counted. */
export interface Counted {
  /** What the answer says of the limit. */
  headers: Record<string, string>;
  /** Takes the create back, when it is refused after all or turns out to be a repetition. */
  refund(): Promise<void>;
}

/**
 * Makes the counter of creates in the DynamoDB table `table`: one write each. Counting throws Problem 429 when the minute
 * (of the clock, UTC) has had its number for this customer and key; then nothing is counted, and what `isRepetition` says was
 * created before goes on all the same.
 */
export function createLimit(client: DynamoDBClient, table: string, now: () => number = Date.now) {
  return async (keyId: string, customer: string, isRepetition = async () => false): Promise<Counted> => {
    const minute = Math.floor(now() / 60_000);
    const reset = (minute + 1) * 60;
    const Key = { pk: { S: `customer#${customer}#key#${keyId}#minute#${minute}` } };
    const add = (amount: number, limit: number) =>
      client.send(
        new UpdateItemCommand({
          TableName: table,
          Key,
          UpdateExpression: 'ADD creates :amount SET expires = :expires',
          ConditionExpression: 'attribute_not_exists(creates) OR creates < :limit',
          ExpressionAttributeValues: {
            ':amount': { N: String(amount) },
            ':limit': { N: String(limit) },
            ':expires': { N: String(reset + keptFor) },
          },
          ReturnValues: 'UPDATED_NEW',
        }),
      );
    try {
      const { Attributes } = await add(1, createsPerMinute);
      const remaining = createsPerMinute - Number(Attributes?.['creates']?.N);
      return {
        headers: limitHeaders(remaining),
        refund: async () => void (await add(-1, createsPerMinute + 1)),
      };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      if (await isRepetition()) return { headers: limitHeaders(0), refund: async () => {} };
      throw tooManyCreates(reset, Math.max(1, Math.ceil(reset - now() / 1000)));
    }
  };
}

function limitHeaders(remaining: number): Record<string, string> {
  return { 'x-ratelimit-limit': String(createsPerMinute), 'x-ratelimit-remaining': String(remaining) };
}

/** `reset` in epoch seconds, `wait` in seconds. */
function tooManyCreates(reset: number, wait: number): Problem {
  return new Problem(
    429,
    'rate_limited',
    [
      {
        title: `More than ${createsPerMinute} conversations a minute for one customer`,
        detail: `Try again in ${wait} s, import with importedAt, or use POST /v1/conversations/bulk.`,
        meta: { limit: createsPerMinute, reset },
      },
    ],
    { headers: { ...limitHeaders(0), 'x-ratelimit-reset': String(reset), 'retry-after': String(wait) } },
  );
}
