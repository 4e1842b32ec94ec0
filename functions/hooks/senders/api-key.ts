import { genericParts, type GenericEnvelope, type GenericOptions } from '../generic-events.ts';
import type { Sender } from '../sender.ts';

/** Where the key stands. */
export interface ApiKeyOptions extends GenericOptions {
  header: string;
}

/** A sender that proves itself with a key in a header. */
export function apiKeySender(options: ApiKeyOptions): Sender<GenericEnvelope> {
  return {
    ...genericParts(options),
    scheme: { kind: 'token', header: options.header.toLowerCase(), form: 'plain' },
  };
}

/** The key is in `x-api-key`; the event's id is the body's `id`. */
export const apiKey = apiKeySender({ name: 'api-key', header: 'x-api-key', eventId: { field: ['id'] } });
