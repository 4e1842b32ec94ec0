import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { randomUUID } from 'node:crypto';

const client = new DynamoDBClient({});

/** What one writes without a contract: parse, put, answer. The measure of bench/warm-create.ts. */
export async function handler(event: { body: string; pathParameters: { id: string } }) {
  const body = JSON.parse(event.body) as Record<string, unknown>;
  const conversation = {
    ...body,
    id: randomUUID(),
    customer: event.pathParameters.id,
    createdAt: new Date().toISOString(),
  };
  await client.send(
    new PutItemCommand({
      TableName: process.env['CONVERSATIONS_TABLE'],
      Item: { pk: { S: conversation.id }, body: { S: JSON.stringify(conversation) } },
      ConditionExpression: 'attribute_not_exists(pk)',
    }),
  );
  return {
    statusCode: 201,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ data: conversation }),
  };
}
