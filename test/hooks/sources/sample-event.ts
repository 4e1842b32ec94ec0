import { join } from 'node:path';
import { readSample, samplePath } from '../../../cli/hooks/read-sample.ts';
import { VerifiedDelivery } from '../../../functions/hooks/delivery.ts';
import type { SenderEvent } from '../../../functions/hooks/sender.ts';
import type { SourceDraft } from '../../../functions/hooks/source.ts';
import { sources } from '../../../functions/hooks/sources.ts';
import { placesOf } from '../../expect-problem.ts';
import { mapSample } from '../map-sample.ts';
import { put } from './put.ts';

const samples = join(import.meta.dirname, '../../../docs/samples');

/** The one event of a source's sample, taken for genuine, as its sender reads it. Throws an Error when there are more. */
export function sampleEvent(name: string): SenderEvent<unknown> {
  const delivery = new VerifiedDelivery(readSample(samplePath(samples, name)));
  const [only, ...others] = sources[name]!.sender.events(delivery);
  if (!only || others.length > 0) throw new Error(`The sample ${name} is not one event`);
  return only;
}

/** The sample's payload, with other values at some JSON pointers; undefined takes what is there away. */
export function samplePayload(name: string, changes: Readonly<Record<string, unknown>> = {}): unknown {
  const payload = structuredClone(sampleEvent(name).payload);
  for (const [pointer, value] of Object.entries(changes)) put(payload, pointer, value);
  return payload;
}

/** The draft that a source makes of its sample with these changes. Throws what the schema throws when they do not fit. */
export function draftOf(name: string, changes: Readonly<Record<string, unknown>> = {}): SourceDraft {
  const source = sources[name]!;
  return source.draft(source.payload.parse(samplePayload(name, changes)));
}

/** What is wrong with a source's sample with these changes: the status, and where each fault is. Throws an Error when it is taken. */
export function rejectionOf(
  name: string,
  changes: Readonly<Record<string, unknown>>,
): { status: number; places: (string | undefined)[] } {
  const [plan] = mapSample(name, sources[name]!, { payload: samplePayload(name, changes) });
  if (plan?.kind !== 'reject') throw new Error(`It is to ${plan?.kind}`);
  return { status: plan.problem.status, places: placesOf(plan.problem) };
}

/** Does a source take an event that its sender tells apart like this? */
export function accepts(name: string, envelope: object): boolean {
  return sources[name]!.accept(envelope);
}
