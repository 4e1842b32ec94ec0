import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { fromEnv } from '@aws-sdk/credential-provider-env';
import { readConfig } from './config.ts';
import { awsSigner } from './aws-signer.ts';
import { collected, smallHttpHandler } from './small-http-handler.ts';

/** Three attempts, each given up well within a function's timeout, with the SDK's jittered pauses between. */
export const smallSettings = () => ({
  maxAttempts: 3,
  requestHandler: smallHttpHandler(),
  streamCollector: collected,
});

/** What the SDK does on each call that ours do not need: debug logs, telling itself apart. */
const unneeded = ['loggerMiddleware', 'getUserAgentMiddleware'];

/** One client a function, made at cold start; connections are kept alive between invocations. */
export function dynamoClient(): DynamoDBClient {
  const client = lean(new DynamoDBClient(leanSettings('dynamodb')));
  // Carries the trace header, of which DynamoDB makes nothing.
  client.middlewareStack.remove('recursionDetectionMiddleware');
  return client;
}

/** What each client is made with; `service` is the name that its requests are signed for. */
export function leanSettings(service: string) {
  const { AWS_REGION } = readConfig('AWS_REGION');
  // Lambda's credentials stay the same for as long as the environment lives.
  const found = fromEnv()();
  found.catch(() => undefined); // Told by the first call.
  const credentials = () => found;
  return {
    ...smallSettings(),
    region: AWS_REGION,
    credentials,
    signer: awsSigner(service, AWS_REGION, credentials),
    // Else the SDK puts its steps together anew for each call. What the calls of a command share then, endpoint and credentials, is
    // the same for all.
    cacheMiddleware: true,
  };
}

/** The client without what ours do not need, and quick to use. */
export function lean<Client extends DynamoDBClient | SQSClient>(client: Client): Client {
  for (const name of unneeded) client.middlewareStack.remove(name);
  quickToCopy(client.config);
  return client;
}

/**
 * The SDK copies its fifty settings three times a call, and V8 keeps an object with so many added one by one as a dictionary, which
 * is slow to copy (https://v8.dev/blog/fast-properties). An object that others inherit from is kept as instances of classes are:
 * looking once through the names of an heir takes the time to copy from 6 to 1 µs. Nothing else changes.
 */
function quickToCopy(settings: object): void {
  for (const _ in Object.create(settings)) break;
}

/**
 * For what is too large for a table. Loaded on first use: hardly any invocation needs it. With the SDK's own handler, since objects
 * come as streams; paths name the bucket, as every server of S3 understands. `requestTimeout` and `connectionTimeout` in ms.
 */
export async function s3Client(): Promise<S3Client> {
  const { S3Client } = await import('@aws-sdk/client-s3');
  return new S3Client({
    maxAttempts: 3,
    forcePathStyle: true,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
  });
}
