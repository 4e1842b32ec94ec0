import { parseJson } from '../../lambda/json-body.ts';
import { isForm, readForm, textAt } from '../read-body.ts';
import { eachItem } from '../read-events.ts';
import type { Sender, SenderEvent } from '../sender.ts';

/** What tells Twilio's events apart. */
export interface TwilioEnvelope {
  /** `message` or `call`; in an event stream the event's own type, e.g. `com.twilio.messaging.message.delivered`. */
  type: string | undefined;
  /** E.g. `received`, `delivered`, `ringing`. */
  status: string | undefined;
}

/**
 * https://www.twilio.com/docs/usage/webhooks/webhooks-security, https://www.twilio.com/docs/messaging/guides/webhook-request,
 * https://www.twilio.com/docs/events/webhook-quickstart
 */
export const twilio: Sender<TwilioEnvelope> = {
  name: 'twilio',
  scheme: {
    kind: 'signature',
    headers: [{ signature: 'x-twilio-signature' }],
    form: 'one',
    encoding: 'base64',
    signed: ['url', 'form or body hash'],
    methods: [{ algorithm: 'hmac', hash: 'sha1', key: 'text', label: '' }],
  },
  deadline: 15,
  misfit: 'refuse', // It does not try again after a 4xx, unless its URL asks for it.
  success: 204, // A body would be read as instructions for the call or the message.
  reads: ['content-type', 'i-twilio-idempotency-token'],
  events(delivery) {
    const { headers, body } = delivery;
    const payload = isForm(delivery) ? readForm(body) : parseJson(body);
    if (Array.isArray(payload)) return eachItem(payload, streamed);
    const { id, envelope } = calledBack(payload);
    return [{ id: headers['i-twilio-idempotency-token'] ?? id, envelope, payload }];
  },
};

/** An event of a stream is a CloudEvent: https://www.twilio.com/docs/events/event-types#event-structure */
function streamed(item: unknown): Pick<SenderEvent<TwilioEnvelope>, 'id' | 'envelope'> {
  return { id: textAt(item, 'id'), envelope: { type: textAt(item, 'type'), status: undefined } };
}

/** A message or a call is called back about once for each status that it gets. */
function calledBack(payload: unknown): Pick<SenderEvent<TwilioEnvelope>, 'id' | 'envelope'> {
  const message = textAt(payload, 'MessageSid') ?? textAt(payload, 'SmsSid');
  const sid = message ?? textAt(payload, 'CallSid');
  const status = message
    ? (textAt(payload, 'MessageStatus') ?? textAt(payload, 'SmsStatus'))
    : textAt(payload, 'CallStatus');
  return {
    id: sid === undefined || status === undefined ? sid : `${sid}:${status}`,
    envelope: { type: sid === undefined ? undefined : message ? 'message' : 'call', status },
  };
}
