import { formOf } from './delivered.ts';
import type { SentEvent } from './sent-event.ts';

/** Forms, and arrays of events, after the payloads that the senders document. */
export const sentFormsAndArrays: readonly SentEvent[] = [
  {
    sender: 'github',
    what: 'an event in a form',
    ...formOf(
      { payload: '{"ref":"refs/heads/é+&"}' },
      { 'x-github-event': 'push', 'x-github-delivery': '0b989ba4-242f-11e5-81e1-c7b6966d2516' },
    ),
    events: [{ id: '0b989ba4-242f-11e5-81e1-c7b6966d2516', envelope: { event: 'push', action: undefined } }],
  },
  {
    sender: 'slack',
    what: 'a command',
    ...formOf({
      command: '/ticket',
      text: 'url_verification',
      trigger_id: '398738663015.47445629121.803a0bc8',
    }),
    events: [{ id: '398738663015.47445629121.803a0bc8', envelope: { type: 'command', name: '/ticket' } }],
  },
  {
    sender: 'slack',
    what: 'a shortcut',
    ...formOf({
      payload: '{"type":"message_action","callback_id":"to_ticket","trigger_id":"13345224609.738474920"}',
    }),
    events: [{ id: '13345224609.738474920', envelope: { type: 'message_action', name: 'to_ticket' } }],
  },
  {
    sender: 'slack',
    what: 'a submitted form',
    ...formOf({
      payload: '{"type":"view_submission","trigger_id":"156772938.1827394","view":{"callback_id":"ask"}}',
    }),
    events: [{ id: '156772938.1827394', envelope: { type: 'view_submission', name: 'ask' } }],
  },
  {
    sender: 'twilio',
    what: 'a message',
    ...formOf({
      MessageSid: 'SMxxxxxxxxxxxxxxxxxx',
      SmsStatus: 'received',
      Body: 'Hi',
      From: '+14017122661',
    }),
    events: [{ id: 'SMxxxxxxxxxxxxxxxxxx:received', envelope: { type: 'message', status: 'received' } }],
  },
  {
    sender: 'twilio',
    what: 'a message’s next status',
    ...formOf({ SmsSid: 'SMxxxxxxxxxxxxxxxxxx', MessageStatus: 'delivered' }),
    events: [{ id: 'SMxxxxxxxxxxxxxxxxxx:delivered', envelope: { type: 'message', status: 'delivered' } }],
  },
  {
    sender: 'twilio',
    what: 'a call, known by the token of its request',
    ...formOf(
      { CallSid: 'CAxxxxxxxxxxxxxxxxxx', CallStatus: 'ringing' },
      { 'i-twilio-idempotency-token': '7d1b7f4e-9a3b-4cf6-8f0b-8f6b8f1f0c65' },
    ),
    events: [{ id: '7d1b7f4e-9a3b-4cf6-8f0b-8f6b8f1f0c65', envelope: { type: 'call', status: 'ringing' } }],
  },
  {
    sender: 'twilio',
    what: 'two events of a stream',
    headers: { 'content-type': 'application/json', 'i-twilio-idempotency-token': '7d1b7f4e' },
    body: [
      { specversion: '1.0', type: 'com.twilio.messaging.message.delivered', id: 'EZ1', data: {} },
      { specversion: '1.0', type: 'com.twilio.messaging.message.failed', id: 'EZ2', data: {} },
    ],
    events: [
      { id: 'EZ1', envelope: { type: 'com.twilio.messaging.message.delivered', status: undefined } },
      { id: 'EZ2', envelope: { type: 'com.twilio.messaging.message.failed', status: undefined } },
    ],
  },
  {
    sender: 'zendesk',
    what: 'an event in a form',
    ...formOf({ type: 'typed' }, { 'x-zendesk-webhook-invocation-id': '01FF0KRZF1CWN0KRBWH7JEYQKT' }),
    events: [{ id: '01FF0KRZF1CWN0KRBWH7JEYQKT', envelope: { webhook: undefined, type: 'typed' } }],
  },
  {
    sender: 'hubspot',
    what: 'two events in one array',
    body: [
      {
        eventId: 100,
        subscriptionId: 12,
        subscriptionType: 'ticket.creation',
        attemptNumber: 0,
        objectId: 7,
      },
      {
        eventId: 101,
        subscriptionId: 12,
        subscriptionType: 'ticket.deletion',
        attemptNumber: 0,
        objectId: 7,
      },
    ],
    events: [
      { id: '12:100', envelope: { type: 'ticket.creation', object: undefined } },
      { id: '12:101', envelope: { type: 'ticket.deletion', object: undefined } },
    ],
  },
  ...['hubspot-v1', 'hubspot-v2'].map((sender) => ({
    sender,
    what: 'an event alone in its array',
    body: [{ eventId: 100, subscriptionId: 12, subscriptionType: 'contact.creation', attemptNumber: 0 }],
    events: [{ id: '12:100', envelope: { type: 'contact.creation', object: undefined } }],
  })),
  {
    sender: 'sendgrid',
    what: 'three events in one array, one without an id',
    body: [
      { email: 'a@example.com', event: 'processed', sg_event_id: 'c2dfZXZlbnRfMQ==', timestamp: 1337197600 },
      { email: 'b@example.com', event: 'bounce', sg_event_id: 'c2dfZXZlbnRfMg==', reason: '500 é' },
      { email: 'c@example.com', event: 'open' },
    ],
    events: [
      { id: 'c2dfZXZlbnRfMQ==', envelope: { event: 'processed' } },
      { id: 'c2dfZXZlbnRfMg==', envelope: { event: 'bounce' } },
      { id: undefined, envelope: { event: 'open' } },
    ],
  },
  ...['generic-hmac', 'bearer', 'basic', 'api-key'].flatMap((sender) => [
    {
      sender,
      what: 'an event',
      headers: { 'content-type': 'application/json' },
      body: { id: 42, type: 'order.late' },
      events: [{ id: '42', envelope: { type: 'order.late' } }],
    },
    {
      sender,
      what: 'an event in a form',
      ...formOf({ id: 'a 42', note: 'é' }),
      events: [{ id: 'a 42', envelope: { type: undefined } }],
    },
  ]),
];
