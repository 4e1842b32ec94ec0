import { jsonWith, textAt } from '../read-body.ts';
import { jsonEvent } from '../read-events.ts';
import type { Sender } from '../sender.ts';

/** What tells Intercom's notifications apart. */
export interface IntercomEnvelope {
  /** E.g. `conversation.user.created`. */
  topic: string | undefined;
  /** The workspace. */
  app: string | undefined;
}

/** https://developers.intercom.com/docs/webhooks/webhook-notifications */
export const intercom: Sender<IntercomEnvelope> = {
  name: 'intercom',
  scheme: {
    kind: 'signature',
    headers: [{ signature: 'x-hub-signature' }],
    form: 'one',
    encoding: 'hex',
    signed: ['body'],
    methods: [{ algorithm: 'hmac', hash: 'sha1', key: 'text', label: 'sha1=' }],
  },
  deadline: 5,
  misfit: 'accept', // It counts failures, and suspends the webhook.
  success: 'verdict',
  reads: [],
  events: jsonEvent((payload) => ({
    id: textAt(payload, 'id'),
    envelope: { topic: textAt(payload, 'topic'), app: textAt(payload, 'app_id') },
  })),
  handshake({ body }) {
    const payload = jsonWith('ping', body);
    const isPing = textAt(payload, 'topic') === 'ping' || textAt(payload, 'type') === 'ping';
    return isPing ? { status: 200 } : undefined;
  },
};
