import { textAt } from '../read-body.ts';
import { jsonEvent } from '../read-events.ts';
import type { Sender } from '../sender.ts';

/** What tells the events of a sender that follows Standard Webhooks apart. */
export interface StandardWebhooksEnvelope {
  /** E.g. `invoice.paid`. */
  type: string | undefined;
}

/**
 * Everybody who follows https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md, also under the
 * names of Svix (https://docs.svix.com/receiving/verifying-payloads/how-manual).
 */
export const standardWebhooks: Sender<StandardWebhooksEnvelope> = {
  name: 'standard-webhooks',
  scheme: {
    kind: 'signature',
    headers: [
      { signature: 'webhook-signature', timestamp: 'webhook-timestamp', id: 'webhook-id' },
      { signature: 'svix-signature', timestamp: 'svix-timestamp', id: 'svix-id' },
    ],
    form: { separator: ' ' },
    encoding: 'base64',
    signed: ['id', { text: '.' }, 'timestamp', { text: '.' }, 'body'],
    methods: [
      { algorithm: 'ed25519', key: 'base64', prefix: 'whpk_', label: 'v1a,' },
      { algorithm: 'hmac', hash: 'sha256', key: 'base64', prefix: 'whsec_', label: 'v1,' },
    ],
    freshness: { tolerance: 300, in: 'header', unit: 's' },
  },
  deadline: 15,
  misfit: 'accept', // It would be sent again for days.
  success: 'verdict',
  reads: ['webhook-id', 'svix-id'],
  events: jsonEvent((payload, { headers }) => ({
    // Where both are there, it is the first that is signed.
    id: headers['webhook-id'] ?? headers['svix-id'],
    envelope: { type: textAt(payload, 'type') },
  })),
};
