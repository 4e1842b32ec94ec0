import {
  ConditionalCheckFailedException,
  UpdateItemCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import type { DeliveryKey, DeliveryResult } from './delivery-record.ts';
import { keyOf, resultAttributes, updateOf } from './stored-delivery.ts';

/** What became of deliveries later than when they were received, in the same table. */
export class DeliveryVerdicts {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /** Writes what became of a delivery in the place of what was written before. One that is no longer kept is let be. */
  async change(key: DeliveryKey, result: DeliveryResult): Promise<void> {
    try {
      await this.#client.send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key: keyOf(key),
          ...updateOf(resultAttributes(key, result)),
          ConditionExpression: 'attribute_exists(pk)',
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }
}
