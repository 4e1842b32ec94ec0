import pMap from 'p-map';
import type { Author, Conversation } from '../conversations/conversation.ts';
import type { DraftsQueue } from '../queue/drafts-queue.ts';
import type { DeliveriesTable } from './deliveries-table.ts';
import type { OriginOf } from './delivery-list.ts';
import type { DeliveryResult } from './delivery-record.ts';
import type { DeliveryVerdicts } from './delivery-verdicts.ts';
import { mapAnew, type PlanAnew } from './map-anew.ts';
import type { ReplayRequest } from './replay-request.ts';
import type { AnySource } from './source.ts';
import type { DeliveryRecord } from './stored-delivery.ts';

/** What became of the deliveries that a replay matched; of a dry run, what would. */
export interface ReplayReport {
  matched: number;
  queued: number;
  /** Their conversations are there: nothing was to be done. */
  repeated: number;
  ignored: number;
  rejected: number;
  failed: number;
  /** The position to go on from, when not all were reached. */
  next?: string;
}

/** What replaying many works with. */
export interface ReplayTools {
  deliveries: Pick<DeliveriesTable, 'list' | 'find'>;
  verdicts: Pick<DeliveryVerdicts, 'change'>;
  queue: Pick<DraftsQueue, 'sendAll'>;
  originOf: OriginOf;
  author: Author;
  /** Is there time for another chunk? */
  hasTime(): boolean;
  /** Told what a source's own code threw. */
  onFailure(event: string, error: unknown): void;
}

/** Deliveries that are worked on before time is looked at. */
const chunk = 50;
/** Bodies that are in memory at once: each has up to 4 MB. */
const bodies = 8;
/** Records that are written at once. */
const writes = 20;

/**
 * Replays the deliveries of a source that a request asks for, newest first: maps each from its kept body, and sends the conversations
 * to the drafts queue. Throws what the table or the queue threw: to ask again is safe.
 */
export async function replayMany(
  name: string,
  source: AnySource,
  request: ReplayRequest,
  tools: ReplayTools,
): Promise<ReplayReport> {
  const { limit, dryRun, position: first, ...filter } = request;
  const owner = { org: tools.author.org, source: name };
  const report: ReplayReport = { matched: 0, queued: 0, repeated: 0, ignored: 0, rejected: 0, failed: 0 };
  let position = first;
  do {
    const pageSize = Math.min(chunk, limit - report.matched);
    const query = { ...filter, pageSize, ...(position !== undefined && { position }) };
    const { records, next } = await tools.deliveries.list(owner, query, tools.originOf);
    const plans = await planAll(records, source, tools);
    if (!dryRun) await carryOutAll(plans, tools);
    for (const { plan } of plans) report[counts[plan.kind]]++;
    report.matched += plans.length;
    position = next;
  } while (position !== undefined && report.matched < limit && tools.hasTime());
  return { ...report, ...(position !== undefined && { next: position }) };
}

const counts = {
  create: 'queued',
  made: 'repeated',
  ignore: 'ignored',
  reject: 'rejected',
  fail: 'failed',
} as const satisfies Record<PlanAnew['kind'], keyof ReplayReport>;

interface Planned {
  record: DeliveryRecord;
  plan: PlanAnew;
}

/** Plans in the order of the records, without those that are not kept any more. A body is let go as soon as it is mapped. */
async function planAll(
  records: readonly DeliveryRecord[],
  source: AnySource,
  { deliveries, author, onFailure }: ReplayTools,
): Promise<Planned[]> {
  const planned = await pMap(
    records,
    async (record) => {
      const kept = await deliveries.find(record);
      if (!kept) return [];
      // What became of it is as the list has it, which looked at the conversations.
      const plan = mapAnew(source, { ...kept, verdict: record.verdict }, { author });
      if (plan.kind === 'fail') onFailure(record.event, plan.error);
      return [{ record, plan }];
    },
    { concurrency: bodies },
  );
  return planned.flat();
}

/** Records say `queued` before the messages are sent: one that is given up at once must have the last word. */
async function carryOutAll(planned: readonly Planned[], { verdicts, queue }: ReplayTools): Promise<void> {
  const write = (result: (plan: PlanAnew) => DeliveryResult | undefined) =>
    pMap(
      planned,
      async ({ record, plan }) => {
        const changed = result(plan);
        if (changed) await verdicts.change(record, changed);
      },
      { concurrency: writes },
    );
  await write(resultOf);
  const conversations = planned.flatMap(({ plan }) => (plan.kind === 'create' ? [plan.conversation] : []));
  try {
    await queue.sendAll(conversations.map((conversation) => ({ version: 1, conversation })));
  } catch (error) {
    await write(notQueued);
    throw error;
  }
}

function resultOf(plan: PlanAnew): DeliveryResult | undefined {
  switch (plan.kind) {
    case 'made':
      return undefined;
    case 'create':
      return { verdict: 'queued', conversation: plan.conversation.id };
    case 'ignore':
      return { verdict: 'ignored' };
    case 'reject':
      return { verdict: 'rejected', error: plan.problem.message };
    case 'fail':
      return { verdict: 'failed', error: String(plan.error) };
  }
}

/** A message may be missing: the record must not wait for it for good. */
function notQueued(plan: PlanAnew): DeliveryResult | undefined {
  if (plan.kind !== 'create') return undefined;
  const { id }: Conversation = plan.conversation;
  return { verdict: 'failed', conversation: id, error: 'It was replayed, but could not be queued' };
}
