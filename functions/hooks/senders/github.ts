import { textAt } from '../read-body.ts';
import { jsonOrFormEvent } from '../read-events.ts';
import { hmacSha256 } from '../scheme.ts';
import type { Sender } from '../sender.ts';

/** What tells GitHub's events apart: the event's name, and its action where it has one. */
export interface GithubEnvelope {
  event: string;
  action: string | undefined;
}

/**
 * https://docs.github.com/en/webhooks/webhook-events-and-payloads#delivery-headers,
 * https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
 */
export const github: Sender<GithubEnvelope> = {
  name: 'github',
  scheme: {
    kind: 'signature',
    headers: [{ signature: 'x-hub-signature-256' }],
    form: 'one',
    encoding: 'hex',
    signed: ['body'],
    methods: [hmacSha256('sha256=')],
  },
  deadline: 10,
  misfit: 'refuse', // It never tries again by itself, and shows the refusal.
  success: 'verdict',
  reads: ['content-type', 'x-github-event', 'x-github-delivery'],
  events: jsonOrFormEvent(
    (payload, { headers }) => ({
      id: headers['x-github-delivery'],
      envelope: { event: headers['x-github-event'] ?? '', action: textAt(payload, 'action') },
    }),
    { json: 'payload' },
  ),
  handshake: ({ headers }) => (headers['x-github-event'] === 'ping' ? { status: 200 } : undefined),
};
