import { parseJson } from '../../lambda/json-body.ts';
import type { VerifiedDelivery } from '../delivery.ts';
import { hashedEventId, isForm, jsonWith, readForm, textAt } from '../read-body.ts';
import { hmacSha256 } from '../scheme.ts';
import type { Sender, SenderEvent } from '../sender.ts';

/** What tells Slack's events, commands and interactions apart. */
export interface SlackEnvelope {
  /** `event_callback`, `command`, or an interaction's own type, e.g. `block_actions`. */
  type: string | undefined;
  /** The event's type, e.g. `app_mention`; the command, e.g. `/ticket`; or the interaction's callback id. */
  name: string | undefined;
}

/**
 * https://docs.slack.dev/authentication/verifying-requests-from-slack, https://docs.slack.dev/apis/events-api/,
 * https://docs.slack.dev/interactivity/implementing-slash-commands, https://docs.slack.dev/interactivity/handling-user-interaction
 */
export const slack: Sender<SlackEnvelope> = {
  name: 'slack',
  scheme: {
    kind: 'signature',
    headers: [{ signature: 'x-slack-signature', timestamp: 'x-slack-request-timestamp' }],
    form: 'one',
    encoding: 'hex',
    signed: [{ text: 'v0:' }, 'timestamp', { text: ':' }, 'body'],
    methods: [hmacSha256('v0=')],
    freshness: { tolerance: 300, in: 'header', unit: 's' },
  },
  deadline: 3,
  misfit: 'accept', // It tries again, and switches off what fails too often.
  success: 200, // Without a body: Slack would show it to whoever gave a command.
  reads: ['content-type'],
  events: (delivery) => [isForm(delivery) ? formEvent(delivery) : event(parseJson(delivery.body), delivery)],
  handshake(delivery) {
    const { body } = delivery;
    if (isForm(delivery)) return isCertificateCheck(body) ? { status: 200 } : undefined;
    const payload = jsonWith('url_verification', body);
    const challenge = textAt(payload, 'challenge');
    if (textAt(payload, 'type') !== 'url_verification' || challenge === undefined) return undefined;
    return { status: 200, body: { challenge } };
  },
};

function event(payload: unknown, { body }: VerifiedDelivery): SenderEvent<SlackEnvelope> {
  const type = textAt(payload, 'type');
  // What is about the app itself, as app_rate_limited, has no id.
  const id = textAt(payload, 'event_id') ?? (type === 'event_callback' ? undefined : hashedEventId(body));
  return { id, envelope: { type, name: textAt(payload, 'event', 'type') }, payload };
}

/** Neither commands nor interactions are sent again; what has no trigger, as a closed view, is known by its bytes. */
function formEvent({ body }: VerifiedDelivery): SenderEvent<SlackEnvelope> {
  const form = readForm(body);
  const interaction = form['payload'] === undefined ? undefined : parseJson(Buffer.from(form['payload']));
  const payload = interaction ?? form;
  return {
    id: textAt(payload, 'trigger_id') ?? hashedEventId(body),
    envelope: interaction
      ? {
          type: textAt(interaction, 'type'),
          name: textAt(interaction, 'callback_id') ?? textAt(interaction, 'view', 'callback_id'),
        }
      : { type: 'command', name: form['command'] },
    payload,
  };
}

/** https://docs.slack.dev/interactivity/implementing-slash-commands#validating-the-command */
function isCertificateCheck(body: Buffer): boolean {
  return body.includes('ssl_check=1') && readForm(body)['ssl_check'] === '1';
}
