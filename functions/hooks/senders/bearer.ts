import { genericParts, type GenericEnvelope, type GenericOptions } from '../generic-events.ts';
import type { Sender } from '../sender.ts';

/** A sender that proves itself with a token alone: https://www.rfc-editor.org/rfc/rfc6750#section-2.1 */
export function bearerSender(options: GenericOptions): Sender<GenericEnvelope> {
  return {
    ...genericParts(options),
    scheme: { kind: 'token', header: 'authorization', form: 'bearer' },
  };
}

/** The event's id is the body's `id`. */
export const bearer = bearerSender({ name: 'bearer', eventId: { field: ['id'] } });
