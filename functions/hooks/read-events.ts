import { parseJson } from '../lambda/json-body.ts';
import type { VerifiedDelivery } from './delivery.ts';
import { formField, isForm, jsonText, readForm } from './read-body.ts';
import type { SenderEvent } from './sender.ts';

/** Where a payload, or the headers beside it, say which event it is. */
export type ReadEvent<Envelope> = (
  payload: unknown,
  delivery: VerifiedDelivery,
) => Pick<SenderEvent<Envelope>, 'id' | 'envelope'>;

type ReadEvents<Envelope> = (delivery: VerifiedDelivery) => SenderEvent<Envelope>[];

/** For senders whose body is the JSON of one event. What it makes throws Problem 400 when a body is no JSON. */
export function jsonEvent<Envelope>(read: ReadEvent<Envelope>): ReadEvents<Envelope> {
  return (delivery) => {
    const payload = parseJson(delivery.body);
    return [{ ...read(payload, delivery), payload }];
  };
}

/** As `jsonEvent`, for senders that can be told to post a form: its fields are the payload, or the JSON in the field `json`. */
export function jsonOrFormEvent<Envelope>(
  read: ReadEvent<Envelope>,
  { json }: { json?: string } = {},
): ReadEvents<Envelope> {
  const fromJson = jsonEvent(read);
  return (delivery) => {
    if (!isForm(delivery)) return fromJson(delivery);
    const { body } = delivery;
    const payload = json === undefined ? readForm(body) : parseJson(Buffer.from(formField(body, json)));
    return [{ ...read(payload, delivery), payload }];
  };
}

/**
 * An event of each item of an array. An item's body, for a replay, is an array of just it. Throws Problem 400 for an item that is
 * nested too deep to be written.
 */
export function eachItem<Envelope>(
  items: readonly unknown[],
  read: (item: unknown) => ReturnType<ReadEvent<Envelope>>,
): SenderEvent<Envelope>[] {
  return items.map((payload) => ({
    ...read(payload),
    payload,
    ...(items.length > 1 && { body: Buffer.from(jsonText([payload])) }),
  }));
}
