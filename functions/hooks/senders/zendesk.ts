import { textAt } from '../read-body.ts';
import { jsonOrFormEvent } from '../read-events.ts';
import { hmacSha256 } from '../scheme.ts';
import type { Sender } from '../sender.ts';

/** What tells Zendesk's events apart: what an admin wrote into the webhook tells more. */
export interface ZendeskEnvelope {
  /** The id of the webhook. */
  webhook: string | undefined;
  /** E.g. `zen:event-type:user.created`; only webhooks that are subscribed to events have one. */
  type: string | undefined;
}

/** https://developer.zendesk.com/documentation/webhooks/verifying/, https://developer.zendesk.com/documentation/webhooks/anatomy-of-a-webhook-request/ */
export const zendesk: Sender<ZendeskEnvelope> = {
  name: 'zendesk',
  scheme: {
    kind: 'signature',
    headers: [
      { signature: 'x-zendesk-webhook-signature', timestamp: 'x-zendesk-webhook-signature-timestamp' },
    ],
    form: 'one',
    encoding: 'base64',
    signed: ['timestamp', 'body'],
    methods: [hmacSha256('')], // The key is the secret's text, although it looks like base64.
    freshness: { tolerance: 300, in: 'header', unit: 'rfc3339' },
  },
  deadline: 10,
  misfit: 'refuse', // It lets it be, and shows the refusal to its admins.
  success: 'verdict',
  reads: ['content-type', 'x-zendesk-webhook-invocation-id', 'x-zendesk-webhook-id'],
  events: jsonOrFormEvent((payload, { headers }) => ({
    id: headers['x-zendesk-webhook-invocation-id'],
    envelope: { webhook: headers['x-zendesk-webhook-id'], type: textAt(payload, 'type') },
  })),
  handshake: ({ body }) => (body.length === 0 ? { status: 200 } : undefined),
};
