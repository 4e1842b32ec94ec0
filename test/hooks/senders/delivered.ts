import { VerifiedDelivery } from '../../../functions/hooks/delivery.ts';
import type { Sender, SenderEvent } from '../../../functions/hooks/sender.ts';
import { senders } from '../../../functions/hooks/senders.ts';

/** What a sender puts into a delivery. Text and bytes are the body as it stands, anything else becomes JSON. */
export interface Contents {
  headers?: Record<string, string>;
  body: unknown;
}

/** A delivery as if its signature had been found good. */
export function delivered({ headers = {}, body }: Contents): VerifiedDelivery {
  const bytes = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  return new VerifiedDelivery({ headers, body: Buffer.from(bytes as string) });
}

/** Contents that are a form. */
export function formOf(fields: Record<string, string>, headers: Record<string, string> = {}): Contents {
  const type = 'application/x-www-form-urlencoded; charset=utf-8';
  return { headers: { ...headers, 'content-type': type }, body: new URLSearchParams(fields).toString() };
}

/** The sender with this name. Throws an Error when there is none. */
export function senderNamed(name: string): Sender<unknown> {
  const found = senders[name];
  if (!found) throw new Error(`There is no sender ${name}`);
  return found;
}

/** The events that a sender reads from a delivery. */
export function eventsOf(name: string, contents: Contents): readonly SenderEvent<unknown>[] {
  return senderNamed(name).events(delivered(contents));
}

/** How a sender's handshake is answered, undefined when the delivery is none. Nothing can be fetched unless `fetchText` is given. */
export async function handshakeOf(
  name: string,
  contents: Contents,
  fetchText: (url: string) => Promise<string> = () => Promise.reject(new Error('Nothing is to be fetched')),
) {
  return await senderNamed(name).handshake?.(delivered(contents), fetchText);
}
