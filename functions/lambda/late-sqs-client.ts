import type { SQSClient } from '@aws-sdk/client-sqs';
import { lean, leanSettings } from './aws-clients.ts';

let made: Promise<SQSClient> | undefined;

/** The same as sqsClient, for a function that hardly ever needs it: loaded and made on first use. */
export function lateSqsClient(): Promise<SQSClient> {
  made ??= import('@aws-sdk/client-sqs').then(({ SQSClient }) => lean(new SQSClient(leanSettings('sqs'))));
  return made;
}
