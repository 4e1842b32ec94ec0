import { join } from 'node:path';
import { readSample, samplePath } from '../../cli/hooks/read-sample.ts';
import { VerifiedDelivery } from '../../functions/hooks/delivery.ts';
import { mapDelivery, type Plan } from '../../functions/hooks/map-delivery.ts';
import type { AnySource } from '../../functions/hooks/source.ts';
import { author } from '../conversations/asked.ts';

/** What a sample may differ in: where it is, and what its events have in them. */
export interface MapSampleOptions {
  /** The file; docs/samples/<name>.json, or .form, unless told. */
  file?: string;
  /** Stands in for the payload of each event, whose kind stays. */
  payload?: unknown;
}

const samples = join(import.meta.dirname, '../../docs/samples');

/** What is to be done with each event of the sample of a source, taken for genuine. */
export function mapSample(
  name: string,
  source: AnySource,
  { file = samplePath(samples, name), ...changed }: MapSampleOptions = {},
): Plan[] {
  const { sender } = source;
  const events: typeof sender.events = (delivery) =>
    sender.events(delivery).map((event) => ({ ...event, ...changed }));
  const delivery = new VerifiedDelivery(readSample(file));
  const mapped = mapDelivery(name, { ...source, sender: { ...sender, events } }, delivery, { author });
  return mapped.map(({ plan }) => plan);
}
