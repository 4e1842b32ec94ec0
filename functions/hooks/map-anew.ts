import { unprocessable } from '../lambda/problem.ts';
import type { KeptDelivery } from './deliveries-table.ts';
import { mapDelivery, type MapOptions, type Plan } from './map-delivery.ts';
import type { AnySource } from './source.ts';

/** What is to be done with a kept delivery: also nothing, when its conversation is there. */
export type PlanAnew = Plan | { kind: 'made'; conversation: string };

/**
 * Maps a kept delivery as its source is written by now. What has its conversation keeps it: a source that makes something else of the
 * event today must not make a second one. With `again` a further one is what is asked for.
 */
export function mapAnew(source: AnySource, kept: KeptDelivery, options: MapOptions): PlanAnew {
  const events = mapDelivery(kept.source, source, kept.delivery, options);
  const same = events.find(({ id }) => id === kept.event) ?? (events.length === 1 ? events[0] : undefined);
  const plan: Plan = same?.plan ?? { kind: 'reject', problem: unprocessable([noSuchEvent]) };
  const made = kept.verdict === 'created' || kept.verdict === 'repeated' ? kept.conversation : undefined;
  if (options.again !== undefined || made === undefined) return plan;
  return plan.kind === 'create' && plan.conversation.id === made
    ? plan
    : { kind: 'made', conversation: made };
}

const noSuchEvent = { title: 'The kept body has no event with this id', pointer: '' };
