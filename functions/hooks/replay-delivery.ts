import { carryOut, type Destinations, type Handled } from './carry-out.ts';
import type { KeptDelivery } from './deliveries-table.ts';
import type { DeliveryLog } from './delivery-record.ts';
import type { DeliveryVerdicts } from './delivery-verdicts.ts';
import { mapAnew } from './map-anew.ts';
import type { MapOptions } from './map-delivery.ts';
import type { AnySource } from './source.ts';

/** Where a replay goes. */
export interface ReplayDestinations extends Pick<Destinations, 'store' | 'queue'> {
  verdicts: Pick<DeliveryVerdicts, 'change'>;
}

/** Milliseconds that creating may take before the queue takes over. */
const patience = 10_000;

/**
 * Carries out a kept delivery once more, directly, and writes down what became of it: no attempt is counted, since it did not come
 * again. With `again` it makes a further conversation, and the record stays as it is. `kept` is as it stands by now.
 */
export async function replayDelivery(
  source: AnySource,
  kept: KeptDelivery,
  options: MapOptions,
  { store, queue, verdicts }: ReplayDestinations,
): Promise<Handled> {
  const { org, event, delivery } = kept;
  const plan = mapAnew(source, kept, options);
  if (plan.kind === 'made') return { event, verdict: 'repeated', conversation: plan.conversation };
  const work = {
    org,
    source: kept.source,
    mode: 'direct' as const,
    headers: {},
    events: [{ id: event, body: delivery.body, plan }],
    patience,
  };
  const log: DeliveryLog = {
    record: async (entry) => {
      if (options.again === undefined) await verdicts.change(entry, entry);
    },
  };
  const [handled] = await carryOut(work, { store, queue, log });
  return handled!;
}
