import { hashedEventId, jsonWith, textAt } from '../read-body.ts';
import { jsonEvent } from '../read-events.ts';
import type { Sender } from '../sender.ts';

/** What tells Discord's webhook events and interactions apart. */
export interface DiscordEnvelope {
  kind: 'event' | 'interaction';
  /** Of an event e.g. `APPLICATION_AUTHORIZED`; of an interaction its number, e.g. `2` for a command. */
  type: string | undefined;
}

/**
 * https://discord.com/developers/docs/events/webhook-events,
 * https://discord.com/developers/docs/interactions/receiving-and-responding
 */
export const discord: Sender<DiscordEnvelope> = {
  name: 'discord',
  scheme: {
    kind: 'signature',
    headers: [{ signature: 'x-signature-ed25519', timestamp: 'x-signature-timestamp' }],
    form: 'one',
    encoding: 'hex',
    signed: ['timestamp', 'body'],
    methods: [{ algorithm: 'ed25519', key: 'hex', label: '' }],
    freshness: { tolerance: 300, in: 'header', unit: 's' },
  },
  deadline: 3,
  misfit: 'accept', // It would try again, and then switch the webhook off.
  success: 204, // What a webhook event wants. An interaction is kept, but only a bot can respond to it.
  reads: [],
  events: jsonEvent<DiscordEnvelope>((payload, { body }) =>
    isInteraction(payload)
      ? { id: textAt(payload, 'id'), envelope: { kind: 'interaction', type: textAt(payload, 'type') } }
      : { id: hashedEventId(body), envelope: { kind: 'event', type: textAt(payload, 'event', 'type') } },
  ),
  handshake({ body }) {
    const payload = jsonWith('"type"', body);
    const type = textAt(payload, 'type');
    if (isInteraction(payload)) return type === '1' ? { status: 200, body: { type: 1 } } : undefined;
    return type === '0' ? { status: 204 } : undefined;
  },
};

/** Only an interaction has a token to be answered with. */
function isInteraction(payload: unknown): boolean {
  return textAt(payload, 'token') !== undefined;
}
