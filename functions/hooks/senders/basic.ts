import { genericParts, type GenericEnvelope, type GenericOptions } from '../generic-events.ts';
import type { Sender } from '../sender.ts';

/** A sender that proves itself with `user:password`, which is the secret: https://www.rfc-editor.org/rfc/rfc7617#section-2 */
export function basicSender(options: GenericOptions): Sender<GenericEnvelope> {
  return {
    ...genericParts(options),
    scheme: { kind: 'token', header: 'authorization', form: 'basic' },
  };
}

/** The event's id is the body's `id`. */
export const basic = basicSender({ name: 'basic', eventId: { field: ['id'] } });
