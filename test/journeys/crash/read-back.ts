import { paginateScan } from '@aws-sdk/client-dynamodb';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { Conversation } from '../../../functions/conversations/conversation.ts';
import type { ServersIn } from '../../servers/servers-in.ts';
import type { Ready } from './dying-system.ts';

/** The parts of a delivery's record that are looked at. */
export interface Record {
  id: string;
  attributes: { verdict: string; conversation: string | null; error: string | null };
}

/** The parts of a bulk job, and of its batches, that are looked at. */
export interface JobFound {
  attributes: { completed: boolean; batches: { complete: number; total: number; idsTotal: number } };
}
export interface BatchFound {
  attributes: { status: string; successCount: number; failureCount: number; objectIds: string[] };
}

/**
 * All conversations that there are, or those of an organisation, whoever asked for them: their ids by name. `IndexName` looks at what lists
 * are read from instead.
 */
export async function conversationsThere(
  { dynamodb, conversationsTable: TableName }: ServersIn,
  { IndexName, org }: { IndexName?: string; org?: string } = {},
): Promise<Map<string, string[]>> {
  const there = new Map<string, string[]>();
  const filter = org !== undefined && {
    FilterExpression: 'begins_with(pk, :org)',
    ExpressionAttributeValues: { ':org': { S: `org#${org}#` } },
  };
  const pages = paginateScan({ client: dynamodb }, { TableName, IndexName, ...filter });
  for await (const { Items = [] } of pages) {
    for (const { body } of Items) {
      // Without one it is a claim.
      if (!body) continue;
      const { id, name = '' } = JSON.parse(body.S!) as Conversation;
      there.set(name, [...(there.get(name) ?? []), id]);
    }
  }
  return there;
}

/** A dead letter: whose conversation it was to become, and why it did not. */
export interface DeadLetter {
  name: string;
  reason: string | undefined;
}

/** All dead letters. */
export async function deadLettersThere({ sqs, deadLetters }: ServersIn): Promise<DeadLetter[]> {
  const found: DeadLetter[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: deadLetters,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
        VisibilityTimeout: 600,
      }),
    );
    if (Messages.length === 0) return found;
    for (const { Body = '', MessageAttributes } of Messages) {
      const { conversation, batch } = JSON.parse(Body) as {
        conversation?: { name: string };
        batch?: { job: string; number: number };
      };
      const name = conversation?.name ?? `batch ${batch?.number} of job ${batch?.job}`;
      found.push({ name, reason: MessageAttributes?.['reason']?.StringValue });
    }
  }
}

/** All records of a source's deliveries, page by page. */
export async function recordsThere(source: string, ready: Ready): Promise<Record[]> {
  const found: Record[] = [];
  let next: string | null = `/v1/hooks/${source}/deliveries?pageSize=100`;
  while (next !== null) {
    const page: { data: Record[]; links: { next: string | null } } = await get(next, ready);
    found.push(...page.data);
    next = page.links.next;
  }
  return found;
}

/** A job as it stands, and all its batches. */
export async function jobThere(id: string, ready: Ready): Promise<{ job: JobFound; batches: BatchFound[] }> {
  const job = await get<{ data: JobFound }>(`/v1/bulk/${id}`, ready);
  const batches = await get<{ data: BatchFound[] }>(`/v1/bulk/${id}/batches`, ready);
  return { job: job.data, batches: batches.data };
}

async function get<Body>(path: string, { url, key }: Ready): Promise<Body> {
  const response = await fetch(url + path, { headers: { authorization: `Bearer ${key}` } });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path} was answered ${response.status}: ${text.slice(0, 300)}`);
  return JSON.parse(text) as Body;
}
