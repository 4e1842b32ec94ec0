import { textAt } from '../read-body.ts';
import { jsonEvent } from '../read-events.ts';
import { hmacSha256 } from '../scheme.ts';
import type { Sender } from '../sender.ts';

/** What tells Typeform's events apart. */
export interface TypeformEnvelope {
  /** E.g. `form_response`. */
  type: string | undefined;
  form: string | undefined;
}

/**
 * https://www.typeform.com/developers/webhooks/secure-your-webhooks/,
 * https://www.typeform.com/developers/webhooks/example-payload/
 */
export const typeform: Sender<TypeformEnvelope> = {
  name: 'typeform',
  scheme: {
    kind: 'signature',
    headers: [{ signature: 'typeform-signature' }],
    form: 'one',
    encoding: 'base64',
    signed: ['body'],
    methods: [hmacSha256('sha256=')],
  },
  deadline: 30,
  misfit: 'refuse', // It tries again only on 408, 423, 429 and 503.
  success: 'verdict',
  reads: [],
  events: jsonEvent((payload) => ({
    id: textAt(payload, 'event_id'),
    envelope: { type: textAt(payload, 'event_type'), form: textAt(payload, 'form_response', 'form_id') },
  })),
};
