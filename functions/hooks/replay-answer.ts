import { badRequest } from '../lambda/problem.ts';
import type { Handled } from './carry-out.ts';
import type { KeptDelivery } from './deliveries-table.ts';
import { deliveryResource } from './delivery-resource.ts';
import { replayCursor, type ReplayRequest } from './replay-request.ts';
import type { ReplayReport } from './replay-many.ts';
import type { DeliveryOwner } from './stored-delivery.ts';

/** Is a further conversation asked for? Throws Problem 400 when `again` is neither true nor false. */
export function isAgain({ again }: Record<string, string | undefined>): boolean {
  if (again === undefined || again === 'false') return false;
  if (again === 'true') return true;
  throw badRequest({ title: 'again must be true or false', parameter: 'again' });
}

/** The answer to the replay of one delivery: its resource, with what became of it now. 201 for a further conversation. */
export function replayAnswer(
  kept: KeptDelivery,
  { verdict, conversation, error }: Handled,
  again: boolean,
): { status: number; body: object } {
  const { conversation: _, error: __, ...rest } = kept;
  const record = {
    ...rest,
    verdict,
    ...(conversation !== undefined && { conversation }),
    ...(error !== undefined && { error }),
  };
  const isMade = again && (verdict === 'created' || verdict === 'repeated');
  return {
    status: verdict === 'queued' ? 202 : isMade ? 201 : 200,
    body: { data: deliveryResource(record) },
  };
}

/** The answer to the replay of many: 202, or 200 when it was only tried. */
export function replayReportAnswer(
  owner: DeliveryOwner,
  request: ReplayRequest,
  { next, ...counted }: ReplayReport,
): { status: number; body: object } {
  const { dryRun } = request;
  const cursor = next === undefined ? null : replayCursor(next, owner, request);
  return {
    status: dryRun ? 200 : 202,
    body: {
      data: { type: 'replay', attributes: { source: owner.source, dryRun, ...counted, next: cursor } },
    },
  };
}
