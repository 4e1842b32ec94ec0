import { DeleteMessageCommand } from '@aws-sdk/client-sqs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SQSRecord } from 'aws-lambda';
import type { Conversation } from '../../../functions/conversations/conversation.ts';
import { SecretsFile } from '../../../local/secrets/secrets-file.ts';
import { startSecretsServer } from '../../../local/secrets/secrets-server.ts';
import { bulkJobsTable } from '../../bulk/bulk-jobs-server.ts';
import { author } from '../../conversations/asked.ts';
import { lambdaContext } from '../../lambda/invocation.ts';
import { startDynamo, type DynamoServer } from '../../servers/dynamo-server.ts';
import { startFaultyProxy, type FaultyProxy } from '../../servers/faulty-proxy.ts';
import { startSqs, type SqsServer } from '../../servers/sqs-server.ts';
import { openVendor, storeAt, type Vendor } from './vendor.ts';

/** write-drafts of a stage that relays, in this process, with all that it works with. */
export interface Consumer {
  vendor: Vendor;
  proxy: FaultyProxy;
  sqs: SqsServer;
  dynamo: DynamoServer;
  queue: string;
  deadLetters: string;
  bulkJobs: string;
  /** Sets the key that the function uses. */
  useKey(key: string): Promise<void>;
  /**
   * Lets the function have what is visible on the queue, as Lambda would, at most so much at once; resolves to the records that stay
   * there. All of them do when the function's answer is lost, as when it dies at its end.
   */
  run(options?: { receives?: number; most?: number; isAnswerLost?: boolean }): Promise<SQSRecord[]>;
  /** The conversation that is at the vendor, asked without the proxy. */
  find(id: string): Promise<Conversation | undefined>;
  close(): Promise<void>;
}

/** What differs between tests. */
interface Options {
  /** Seconds that the vendor's bulk has. */
  patience?: number;
  /** Milliseconds that the function has. */
  time?: number;
  /** What goes wrong between the function and the vendor. */
  choose?: Parameters<typeof startFaultyProxy>[1];
  /** Puts something before the vendor, whose URL it is given. */
  before?: (vendorUrl: string) => Promise<string>;
}

/** Starts it; one in each test file, since a function's environment is its process's. */
export async function openConsumer({
  patience = 600,
  time = 15_000,
  choose,
  before = async (vendorUrl) => vendorUrl,
}: Options = {}): Promise<Consumer> {
  const folder = mkdtempSync(join(tmpdir(), 'relay-'));
  const secretsFile = new SecretsFile(join(folder, 'secrets.json'));
  const vendor = await openVendor();
  const [proxy, sqs, secrets, dynamo] = await Promise.all([
    startFaultyProxy(await before(vendor.url), choose),
    startSqs(),
    startSecretsServer(secretsFile),
    startDynamo(),
  ]);
  secrets.serve(new Set(['kustomer-key']));
  const [queue, deadLetters] = [sqs.queue(), sqs.queue()];
  const bulkJobs = await bulkJobsTable(dynamo);
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_DYNAMODB: dynamo.endpoint,
    AWS_ENDPOINT_URL_SQS: sqs.endpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    KUSTOMER_BASE_URL: proxy.url,
    KUSTOMER_BULK_PATIENCE: String(patience),
    KUSTOMER_KEY_ARN: 'kustomer-key',
    KUSTOMER_REQUEST_BYTES: '100000',
    KUSTOMER_RESERVED_SHARE: '0.2',
    ORGANISATION_ID: author.org,
    DRAFTS_QUEUE_URL: queue,
    DEAD_LETTERS_URL: deadLetters,
    BULK_JOBS_TABLE: bulkJobs,
    DELIVERIES_TABLE: await dynamo.deliveriesTable(),
    MAX_RECEIVES: '5',
  });
  const { handler } = await import('../../../functions/handlers/write-drafts.ts');
  let current = '';
  return {
    vendor,
    proxy,
    sqs,
    dynamo,
    queue,
    deadLetters,
    bulkJobs,
    useKey: async (key) => {
      current = key;
      await secretsFile.put('kustomer-key', key);
    },
    run: async ({ receives, most = 100, isAnswerLost = false } = {}) => {
      const Records = await sqs.receive(queue, most);
      if (receives !== undefined) {
        for (const { attributes } of Records) attributes.ApproximateReceiveCount = String(receives);
      }
      const began = Date.now();
      const context = { ...lambdaContext, getRemainingTimeInMillis: () => time - (Date.now() - began) };
      const { batchItemFailures } = await handler({ Records }, context);
      if (isAnswerLost) return Records;
      const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      for (const { messageId, receiptHandle: ReceiptHandle } of Records) {
        if (failed.has(messageId)) continue;
        await sqs.client.send(new DeleteMessageCommand({ QueueUrl: queue, ReceiptHandle }));
      }
      return Records.filter(({ messageId }) => failed.has(messageId));
    },
    find: (id) => storeAt(vendor.url, current).find(author.org, id),
    close: async () => {
      await Promise.all([proxy.close(), sqs.close(), secrets.stop(), dynamo.close()]);
      vendor.close();
      rmSync(folder, { recursive: true });
    },
  };
}
