import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { senders } from '../../../functions/hooks/senders.ts';
import { Problem } from '../../../functions/lambda/problem.ts';
import { problemOf } from '../../expect-problem.ts';
import { eventsOf, formOf, handshakeOf, senderNamed, type Contents } from './delivered.ts';
import { sentFormsAndArrays } from './sent-forms-and-arrays.ts';
import { sentJson } from './sent-json.ts';

const sentEvents = [...sentJson, ...sentFormsAndArrays];
const cases = sentEvents.map((sent) => [sent.sender, sent.what, sent] as const);

describe('the events of a delivery', () => {
  it.each(cases)('of %s are read: %s', async (sender, _, { events, ...contents }) => {
    const read = eventsOf(sender, contents);
    expect(read.map(({ id, envelope }) => ({ id, envelope }))).toEqual(events);
    expect(await handshakeOf(sender, contents)).toBeUndefined();
  });

  it.each(cases)('of %s are the same when they are read one by one for a replay: %s', (sender, _, sent) => {
    const { reads } = senderNamed(sender);
    const kept = Object.fromEntries(
      Object.entries(sent.headers ?? {}).filter(([name]) => reads.includes(name)),
    );
    for (const event of eventsOf(sender, sent)) {
      const { body = sent.body, ...read } = event;
      expect(eventsOf(sender, { headers: kept, body })).toEqual([read]);
    }
  });

  it.each(cases)('of %s hold all that was sent: %s', (sender, _, { body, ...sent }) => {
    const payloads = eventsOf(sender, { ...sent, body }).map(({ payload }) => payload);
    if (typeof body === 'string') expect(payloads).toEqual([payloadOfForm(body)]);
    else expect(payloads).toEqual(Array.isArray(body) ? body : [body]);
  });

  it('are shown above for every sender', () => {
    expect(new Set(sentEvents.map(({ sender }) => sender))).toEqual(new Set(Object.keys(senders)));
  });

  it('are none in an empty array', () => {
    for (const sender of ['sendgrid', 'hubspot', 'twilio'])
      expect(eventsOf(sender, { body: [] })).toEqual([]);
  });
});

/** A form’s fields, or the JSON in its field payload. */
function payloadOfForm(body: string): unknown {
  const fields = Object.fromEntries(new URLSearchParams(body));
  return fields['payload'] === undefined ? fields : JSON.parse(fields['payload']);
}

describe('an event without the id that its sender gives it', () => {
  const withoutId: readonly [string, string, Contents][] = [
    ['standard-webhooks', 'an id in the body alone', { body: { id: 'msg_1', type: 'a' } }],
    ['stripe', 'an id that is a list', { body: { id: ['evt_1'], type: 'a' } }],
    ['github', 'an id in the body alone', { body: { id: 1 } }],
    ['shopify', 'an id of the merchant’s action alone', { headers: { 'x-shopify-event-id': 'a' }, body: {} }],
    ['slack', 'a callback alone', { body: { type: 'event_callback', event: { type: 'message' } } }],
    ['twilio', 'neither token nor sid', formOf({ SmsStatus: 'received' })],
    [
      'twilio',
      'an event of a stream that has a request’s token',
      { headers: { 'i-twilio-idempotency-token': 'a' }, body: [{}] },
    ],
    ['zendesk', 'the webhook’s id alone', { headers: { 'x-zendesk-webhook-id': 'a' }, body: { id: 1 } }],
    ['intercom', 'an id that is null', { body: { id: null, topic: 'user.created' } }],
    ['pagerduty', 'an id of the incident alone', { body: { event: { data: { id: 'Q2' } } } }],
    ['typeform', 'an id of the form alone', { body: { form_response: { form_id: 'a' } } }],
    ['kustomer', 'an id of the object alone', { body: { data: { id: 'a' } } }],
    ['linear', 'an id in the body alone', { body: { webhookId: 'a', data: { id: 'b' } } }],
    ['calendly', 'no invitee', { body: { event: 'invitee.created', created_at: '2020', payload: {} } }],
    ['calendly', 'no time', { body: { event: 'invitee.created', payload: { uri: 'https://a' } } }],
    ['calendly', 'no name', { body: { created_at: '2020', payload: { uri: 'https://a' } } }],
    ['hubspot', 'no eventId', { body: [{ subscriptionId: 1, objectId: 2 }] }],
    ['hubspot', 'no subscriptionId', { body: [{ eventId: 1, objectId: 2 }] }],
    ['sendgrid', 'an id of the message alone', { body: [{ sg_message_id: 'a' }] }],
    ['square', 'an id of the object alone', { body: { data: { id: 'a' } } }],
    ['discord', 'an interaction with its token alone', { body: { token: 'a', type: 2 } }],
    ['aws-sns', 'an id that is a number', { body: { Type: 'Notification', MessageId: 5 } }],
    ['generic-hmac', 'an empty id', { body: { id: '' } }],
    ['bearer', 'an id that is not a field of its own', { body: { id: { id: 1 } } }],
    ['basic', 'a list', { body: ['id'] }],
    ['api-key', 'null', { body: null }],
  ];

  it.each(withoutId)('of %s has none: %s', (sender, _, contents) => {
    expect(eventsOf(sender, contents).map(({ id }) => id)).toEqual([undefined]);
  });
});

describe('two deliveries of a sender without event ids', () => {
  const event = {
    event: 'invitee.created',
    created_at: '2020-11-23T17:51:19Z',
    payload: { uri: 'https://a/b' },
  };
  const idOf = (sender: string, body: unknown) => eventsOf(sender, { body })[0]?.id;

  it('are one event of Calendly when the same happened to the same invitee at the same time', () => {
    const again = { ...event, payload: { ...event.payload, text: 'x' } };
    expect(idOf('calendly', again)).toBe(idOf('calendly', event));
    for (const other of [
      { ...event, event: 'invitee.canceled' },
      { ...event, created_at: '2020-11-23T17:51:20Z' },
      { ...event, payload: { uri: 'https://a/c' } },
    ]) {
      expect(idOf('calendly', other)).not.toBe(idOf('calendly', event));
    }
  });

  it('are one event of Discord, or of a HubSpot workflow, when all of their bytes are the same', () => {
    for (const sender of ['discord', 'hubspot']) {
      expect(idOf(sender, { event })).toBe(idOf(sender, { event }));
      expect(idOf(sender, { event, version: 2 })).not.toBe(idOf(sender, { event }));
    }
  });

  it('are one event of HubSpot whichever attempt they are', () => {
    const item = { eventId: 1, subscriptionId: 2, attemptNumber: 0 };
    expect(idOf('hubspot', [{ ...item, attemptNumber: 1 }])).toBe(idOf('hubspot', [item]));
    expect(idOf('hubspot', [{ ...item, subscriptionId: 3 }])).not.toBe(idOf('hubspot', [item]));
  });
});

describe('a body that its sender does not send', () => {
  const deep = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
  const junk = [
    '',
    ' ',
    'null',
    '5',
    '"text"',
    '[]',
    '[null,5,[],{}]',
    '{}',
    '{"event":5,"type":[],"id":{},"payload":null}',
    '{"__proto__":{"id":"a"},"constructor":{"id":"b"}}',
    '{"type":"url_verification"',
    'payload=%7B&payload=5&ssl_check=2',
    'payload',
    '%',
    deep(100_000),
    `[${deep(100_000)},1]`,
    Buffer.from([0xff, 0xfe, 0x00, 0xc0, 0x80]),
    Buffer.from('7b22', 'hex'),
  ];

  it.each(Object.keys(senders))('makes events or is a Problem 400, from %s', async (sender) => {
    for (const body of junk) await expectReadOrRefused(sender, body);
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array(), fc.json()), (body) =>
        expectReadOrRefused(sender, Buffer.from(body as string)),
      ),
    );
  });

  it.each(
    Object.keys(senders).flatMap((sender) => ['', '{"id":', '\xff{}'].map((body) => [sender, body] as const)),
  )('is a Problem 400 from %s when it is no JSON: %j', async (sender, body) => {
    await problemOf(400, () => eventsOf(sender, { body: Buffer.from(body, 'latin1') }));
  });

  it('is a Problem 400 when SendGrid sends no array, and SNS no object', async () => {
    await problemOf(400, () => eventsOf('sendgrid', { body: { sg_event_id: 'a', event: 'open' } }));
    await problemOf(400, () => eventsOf('aws-sns', { body: [{ Type: 'Notification', MessageId: 'a' }] }));
  });

  it('is a Problem 400 when GitHub’s form has no payload, or Slack’s no JSON in it', async () => {
    await problemOf(400, () => eventsOf('github', formOf({ pay: '{}' })));
    await problemOf(400, () => eventsOf('github', formOf({ payload: '{' })));
    await problemOf(400, () => eventsOf('slack', formOf({ payload: '{' })));
  });
});

/** Junk comes as JSON and as a form; a handshake may refuse it too, but must not throw anything else. */
async function expectReadOrRefused(sender: string, body: unknown): Promise<void> {
  for (const headers of [{}, formOf({}).headers!]) {
    const contents = { headers, body };
    for (const read of [() => eventsOf(sender, contents), () => handshakeOf(sender, contents)]) {
      try {
        await read();
      } catch (error) {
        expect(error).toBeInstanceOf(Problem);
        expect((error as Problem).status).toBe(400);
      }
    }
  }
}
