import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';

/**
 * An attempt that hangs is given up well within a function's timeout, so that the next one can still succeed.
 * Three attempts, with the SDK's jittered pauses between.
 */
const settings = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 3000 },
};

/** One client a function, made at cold start; connections are kept alive between invocations. */
export const dynamoClient = () => new DynamoDBClient(settings);
export const sqsClient = () => new SQSClient(settings);
export const secretsClient = () => new SecretsManagerClient(settings);
