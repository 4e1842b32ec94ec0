import { notFound, refused, refusedAddress } from '../lambda/problem.ts';
import type { RawDelivery, VerifiedDelivery } from './delivery.ts';
import { keysOf, type Key } from './keys.ts';
import { mapDelivery, type MapOptions, type MappedEvent } from './map-delivery.ts';
import { hmacSha256, type Scheme } from './scheme.ts';
import { verify, type VerifyContext } from './schemes.ts';
import type { Handshake } from './sender.ts';
import type { AnySource } from './source.ts';
import { sources as allSources } from './sources.ts';

/** What is to be done with a delivery that is genuine. */
export type Accepted =
  | { kind: 'handshake'; source: AnySource; handshake: Handshake }
  | { kind: 'events'; source: AnySource; delivery: VerifiedDelivery; events: MappedEvent[] };

/** What accepting takes from outside. */
export interface HookContext extends VerifyContext, MapOptions {
  /** The live keys of a source. */
  keysOf(source: string, scheme: Scheme): Promise<readonly Key[]>;
  sources?: Readonly<Record<string, AnySource>>;
}

/**
 * Turns a raw delivery to the source `name` into what is to be done: find, look where it comes from, verify, check the age, answer a
 * handshake, map, in this order. Throws Problem 404 for an unknown source, 403 for one of another address than its sender's, and 401 for
 * a delivery that is not proved to be the sender's; what is wrong with a genuine one is told by its plan.
 */
export async function acceptHook(name: string, raw: RawDelivery, context: HookContext): Promise<Accepted> {
  const source = findSource(name, context.sources);
  if (!source || source.takesFrom?.(raw.from ?? '') === false) {
    await verify(decoy.scheme, raw, decoy.keys, context);
    throw source ? refusedAddress() : notFound('source');
  }
  const { sender } = source;
  const delivery = await verify(sender.scheme, raw, await context.keysOf(name, sender.scheme), context);
  if (typeof delivery === 'string') throw refused(delivery);
  const handshake = await sender.handshake?.(delivery, context.fetchText);
  if (handshake) return { kind: 'handshake', source, handshake };
  return { kind: 'events', source, delivery, events: mapDelivery(name, source, delivery, context) };
}

/** The source with this name in its URL; undefined when there is none. */
export function findSource(
  name: string,
  sources: Readonly<Record<string, AnySource>> = allSources,
): AnySource | undefined {
  return Object.hasOwn(sources, name) ? sources[name] : undefined;
}

/** The sources that are on: those that have a secret here. */
export function sourcesWith(secrets: Readonly<Record<string, string>>): Readonly<Record<string, AnySource>> {
  return Object.fromEntries(Object.entries(allSources).filter(([name]) => Object.hasOwn(secrets, name)));
}

/** For what is refused before its signature is looked at: the work is that of a source whose signature does not hold, so that time tells nothing of it. */
const decoyScheme: Scheme = {
  kind: 'signature',
  headers: [{ signature: 'x-hub-signature-256' }],
  form: 'one',
  encoding: 'hex',
  signed: ['body'],
  methods: [hmacSha256('sha256=')],
};
const decoy = { scheme: decoyScheme, keys: keysOf(decoyScheme, ['nobody']) };
