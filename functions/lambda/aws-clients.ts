import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { fromEnv } from '@aws-sdk/credential-provider-env';
import { readConfig } from './config.ts';
import { dynamoSigner } from './dynamo-signer.ts';
import { collected, smallHttpHandler } from './small-http-handler.ts';

/** Three attempts, each given up well within a function's timeout, with the SDK's jittered pauses between. */
const settings = () => ({
  maxAttempts: 3,
  requestHandler: smallHttpHandler(),
  streamCollector: collected,
});

/** What the SDK does on each call that DynamoDB does not need: debug logs, telling itself apart, loops of Lambda. */
const unneeded = ['loggerMiddleware', 'getUserAgentMiddleware', 'recursionDetectionMiddleware'];

/** One client a function, made at cold start; connections are kept alive between invocations. */
export function dynamoClient(): DynamoDBClient {
  const { AWS_REGION } = readConfig('AWS_REGION');
  // Lambda's credentials stay the same for as long as the environment lives.
  const credentials = fromEnv()();
  credentials.catch(() => undefined); // Told by the first call.
  const signer = dynamoSigner(AWS_REGION, () => credentials);
  const client = new DynamoDBClient({ ...settings(), region: AWS_REGION, signer });
  for (const name of unneeded) client.middlewareStack.remove(name);
  return client;
}

/** Sends the trace header along, so that a message's trace goes on in its consumer. */
export function sqsClient(): SQSClient {
  return new SQSClient(settings());
}

/** For a source's signing secrets. */
export function secretsClient(): SecretsManagerClient {
  return new SecretsManagerClient(settings());
}
