import { GetQueueAttributesCommand, SQSClient, type QueueAttributeName } from '@aws-sdk/client-sqs';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { endpointsPath } from '../../local/data-dir.ts';
import { projectRoot } from '../../local/project-root.ts';
import { readAssembly } from '../../local/template/assembly.ts';
import { REGION } from '../../local/template/references.ts';
import { Resolver } from '../../local/template/resolver.ts';
import { localTarget } from '../open-target.ts';
import { UsageError } from '../run-command.ts';
import { stackOutputs } from '../stack-outputs.ts';

/** The queues of a stage, or of the local system. */
export interface Queues {
  client: SQSClient;
  /** The URL of the queue that write-drafts empties. */
  drafts: string;
  /** The URL of the queue that it gives up to. */
  deadLetters: string;
  close(): void;
}

/** Without these a server that stalls would hold the command for good. In milliseconds; a long poll lasts a second. */
const requestHandler = { connectionTimeout: 5000, requestTimeout: 15_000, throwOnRequestTimeout: true };

/** Opens the queues of a deployed stage, with your AWS credentials, or of the local system. Throws UsageError when it is not there. */
export async function openQueues(stage: string | undefined): Promise<Queues> {
  if (stage === undefined) return await openLocalQueues();
  const outputs = await stackOutputs(stage, 'stateful');
  const urls = { drafts: outputs.need('DraftsQueueUrl'), deadLetters: outputs.need('DeadLettersUrl') };
  // A queue is asked where its URL says: the SDK would do so too, and grumble where it had thought otherwise.
  const client = new SQSClient({ endpoint: new URL(urls.deadLetters).origin, requestHandler });
  return { client, ...urls, close: () => client.destroy() };
}

async function openLocalQueues(): Promise<Queues> {
  const target = await localTarget();
  if (!target) throw new UsageError('The local system does not run: npm start');
  const dataDir = resolve(process.env['INTAKE_DATA_DIR'] || join(projectRoot, '.local'));
  const { sqs: endpoint } = JSON.parse(readFileSync(endpointsPath(dataDir), 'utf8')) as { sqs: string };
  const addresses = { sqs: endpoint, gateway: target.url };
  const resolver = new Resolver(readAssembly(join(dataDir, 'cdk.out')), addresses);
  const client = new SQSClient({
    endpoint,
    region: REGION,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    requestHandler,
  });
  const need = (name: string): string => {
    const url = resolver.output(name);
    if (url === undefined) throw new UsageError(`What runs has no output ${name}: start it anew`);
    return url;
  };
  return {
    client,
    drafts: need('DraftsQueueUrl'),
    deadLetters: need('DeadLettersUrl'),
    close: () => client.destroy(),
  };
}

/** An attribute of a queue that is a number. Counts are approximate: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html */
export async function queueNumber(
  { client }: Pick<Queues, 'client'>,
  QueueUrl: string,
  name: QueueAttributeName,
): Promise<number> {
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [name] }),
  );
  return Number(Attributes[name] ?? 0);
}

/** After so many receives the drafts queue gives a message up. */
export async function mostReceives({ client, drafts }: Queues): Promise<number> {
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: drafts, AttributeNames: ['RedrivePolicy'] }),
  );
  const policy = JSON.parse(Attributes['RedrivePolicy'] ?? '{}') as { maxReceiveCount?: number | string };
  return Number(policy.maxReceiveCount ?? 0);
}
