import { describe, expect, it } from '@jest/globals';
import { receiveDelivery, type Received } from '../../../functions/hooks/receive-delivery.ts';
import { github } from '../../../functions/hooks/senders/github.ts';
import { hubspot } from '../../../functions/hooks/senders/hubspot.ts';
import { slack } from '../../../functions/hooks/senders/slack.ts';
import { stripe } from '../../../functions/hooks/senders/stripe.ts';
import { badRequest, conflict, Problem } from '../../../functions/lambda/problem.ts';
import { problemOf } from '../../expect-problem.ts';
import { contextOf, keepers, signed, sourceOf, type Kept } from './a-delivery.ts';

const answerOf = ({ answer }: Received) => answer as { status: number; body?: { data: unknown } };
const issue = (id = 'd-1') =>
  signed(github, { action: 'opened' }, { 'x-github-event': 'issues', 'x-github-delivery': id });

describe('a direct source', () => {
  const receive = (kept: Kept, raw = issue()) =>
    receiveDelivery('issues', raw, contextOf('issues', sourceOf(github)), kept);

  it('creates the conversation, writes one record, and answers 201', async () => {
    const kept = keepers();
    const received = await receive(kept);
    const [{ id } = { id: '' }] = kept.created;
    expect(answerOf(received)).toEqual({
      status: 201,
      body: {
        data: {
          type: 'delivery',
          id: 'd-1',
          attributes: { source: 'issues', verdict: 'created', conversation: id },
        },
      },
    });
    expect(kept.recorded).toMatchObject([
      { source: 'issues', event: 'd-1', verdict: 'created', conversation: id },
    ]);
    expect(kept.queued).toEqual([]);
    expect(received.secretIndex).toBe(0);
  });

  it('keeps the raw bytes, and of the headers only those that are read', async () => {
    const kept = keepers();
    await receive(kept);
    expect(kept.recorded[0]?.body.toString()).toBe('{"action":"opened"}');
    expect(kept.recorded[0]?.headers).toEqual({
      'content-type': 'application/json',
      'x-github-event': 'issues',
      'x-github-delivery': 'd-1',
    });
  });

  it('answers 200 when the delivery comes again; its record still says that it was created', async () => {
    const kept = keepers();
    await receive(kept);
    expect(answerOf(await receive(kept)).status).toBe(200);
    expect(kept.recorded.map(({ verdict }) => verdict)).toEqual(['created', 'created']);
    expect(kept.created).toHaveLength(1);
  });

  it('goes on the queue when the destination fails, and says why to the log', async () => {
    const kept = keepers();
    const error = new Error('throttled');
    const received = await receive({
      ...kept,
      store: { ...kept.store, create: () => Promise.reject(error) },
    });
    expect(answerOf(received).status).toBe(202);
    expect(kept.queued.map(({ id }) => id)).toEqual([received.handled[0]?.conversation]);
    expect(received.handled).toMatchObject([{ verdict: 'queued', cause: error }]);
  });

  it('is failed, kept, and refused to a sender that lets it be, when the destination refuses it', async () => {
    const kept = keepers();
    const problem = badRequest({ title: 'No such attribute', pointer: '/custom/planStr' });
    const store = { ...kept.store, create: () => Promise.reject(problem) };
    expect((await receive({ ...kept, store })).answer).toEqual({ problem });
    expect(kept.recorded).toMatchObject([{ verdict: 'failed', error: 'No such attribute' }]);
    expect(kept.queued).toEqual([]);
  });

  it('goes on the queue when the destination has no budget left', async () => {
    const kept = keepers();
    const problem = new Problem(429, 'rate_limited', [{ title: 'Too many' }]);
    const store = { ...kept.store, create: () => Promise.reject(problem) };
    expect(answerOf(await receive({ ...kept, store })).status).toBe(202);
    expect(kept.queued).toHaveLength(1);
  });

  it('is failed, kept, and refused to a sender that lets it be, when somebody else holds what it asks for', async () => {
    const kept = keepers();
    const outcome = { kind: 'conflict', field: 'externalId', id: 'other', origin: 'api#1' } as const;
    const { answer } = await receive({ ...kept, store: { ...kept.store, create: async () => outcome } });
    expect(answer).toEqual({ problem: conflict('other', 'externalId') });
    expect(kept.recorded).toMatchObject([{ verdict: 'failed', error: expect.stringContaining('other') }]);
  });
});

describe('a queued source', () => {
  const context = contextOf('issues', sourceOf(github, 'queued'));

  it('writes one record and sends one message, at the same time', async () => {
    const kept = keepers();
    const sent = Promise.withResolvers<void>();
    const recorded = Promise.withResolvers<void>();
    // Each ends only when the other has begun.
    const log = { record: () => (recorded.resolve(), sent.promise) };
    const queue = { ...kept.queue, send: () => (sent.resolve(), recorded.promise) };
    const { answer } = await receiveDelivery('issues', issue(), context, { ...kept, log, queue });
    expect(answer).toMatchObject({ status: 202 });
  });

  it('acknowledges nothing when the record or the message may be lost', async () => {
    const kept = keepers();
    const lost = new Error('out of reach');
    const log = { record: () => Promise.reject(lost) };
    await expect(receiveDelivery('issues', issue(), context, { ...kept, log })).rejects.toBe(lost);
    const queue = { ...kept.queue, send: () => Promise.reject(lost) };
    await expect(receiveDelivery('issues', issue(), context, { ...kept, queue })).rejects.toBe(lost);
  });
});

describe('a delivery of several events', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  const items = [1, 2, 3].map((eventId) => ({ eventId, subscriptionId: 7, occurredAt: now }));
  const receive = (kept: Kept, payload: unknown) =>
    receiveDelivery('crm', signed(hubspot, payload), contextOf('crm', sourceOf(hubspot)), kept);

  it('is one conversation and one record for each, and one answer', async () => {
    const kept = keepers();
    const { status, body } = answerOf(await receive(kept, items));
    expect(status).toBe(200);
    expect(body?.data).toHaveLength(3);
    expect(new Set(kept.created.map(({ id }) => id)).size).toBe(3);
    expect(kept.recorded.map(({ body: kept }) => JSON.parse(kept.toString()) as unknown)).toEqual(
      items.map((item) => [item]),
    );
  });

  it('does not make its good events wait for one that does not fit', async () => {
    const kept = keepers();
    const { answer } = await receive(kept, [items[0], { subscriptionId: 7 }, items[2]]);
    expect(answer).toMatchObject({ status: 200 });
    expect(kept.recorded.map(({ verdict }) => verdict).toSorted()).toEqual([
      'created',
      'created',
      'rejected',
    ]);
  });

  it('creates nothing twice when it comes again with one event more', async () => {
    const kept = keepers();
    await receive(kept, items.slice(0, 2));
    await receive(kept, items);
    expect(kept.created).toHaveLength(3);
  });

  it('may be empty', async () => {
    const kept = keepers();
    expect(answerOf(await receive(kept, []))).toEqual({ status: 200, body: { data: [] } });
    expect(kept.recorded).toEqual([]);
  });
});

describe('an event that does not fit', () => {
  const broken = () => {
    throw new TypeError('no such field');
  };

  it.each([
    ['a body that is no JSON', 'x', 400],
    ['an event without an id', { type: 'a' }, 400],
  ])('is kept as rejected and refused to a sender that lets it be: %s', async (_, payload, status) => {
    const kept = keepers();
    const raw = signed(github, payload);
    const { answer } = await receiveDelivery('s', raw, contextOf('s', sourceOf(github)), kept);
    expect(answer).toMatchObject({ problem: { status } });
    expect(kept.recorded).toMatchObject([
      { event: expect.stringMatching(/^sha256:[0-9a-f]{64}$/), verdict: 'rejected' },
    ]);
  });

  it('is kept as rejected, and accepted from a sender that would send it for days', async () => {
    const kept = keepers();
    const { answer } = await receiveDelivery(
      's',
      signed(stripe, 'x'),
      contextOf('s', sourceOf(stripe)),
      kept,
    );
    expect(answer).toMatchObject({ status: 200, body: { data: { attributes: { verdict: 'rejected' } } } });
    expect(kept.recorded).toMatchObject([{ verdict: 'rejected', error: 'The body is not valid JSON' }]);
  });

  it('is kept as failed when the source’s own code throws: the error is for the log, not for the sender', async () => {
    const kept = keepers();
    const context = contextOf('s', sourceOf(github, 'direct', broken));
    const { answer, handled } = await receiveDelivery('s', issue(), context, kept);
    expect(answer).toMatchObject({ problem: { status: 500 } });
    expect(JSON.stringify(answer)).not.toContain('no such field');
    expect(handled).toMatchObject([{ verdict: 'failed', cause: expect.any(TypeError) }]);
    expect(kept.recorded).toMatchObject([{ verdict: 'failed', error: 'TypeError: no such field' }]);
  });

  it.each([
    [{ email: 'nobody' }, '/customer/email'],
    [{ phone: 'x' }, '/customer/phone'],
    [{ externalId: '' }, '/customer/externalId'],
    [{ id: 'x' }, '/customer'],
  ])('is rejected when its customer cannot be told: %j', async (customer, pointer) => {
    const kept = keepers();
    const context = contextOf(
      's',
      sourceOf(github, 'direct', () => ({ customer })),
    );
    const { answer } = await receiveDelivery('s', issue(), context, kept);
    expect(answer).toMatchObject({ problem: { status: 422, faults: [{ pointer }] } });
  });
});

describe('what is not a sender’s own', () => {
  it('is refused without a trace but in the log', async () => {
    const kept = keepers();
    const context = contextOf('issues', sourceOf(github), ['another secret']);
    const { reason, message } = await problemOf(401, () => receiveDelivery('issues', issue(), context, kept));
    expect(reason).toBe('wrong signature');
    expect(message).not.toContain('wrong');
    expect([kept.created, kept.queued, kept.recorded]).toEqual([[], [], []]);
  });

  it('is 404 at a source that there is not, and no secret is asked for', async () => {
    const kept = keepers();
    const keysOf = () => Promise.reject(new Error('a secret was asked for'));
    const context = { ...contextOf('issues', sourceOf(github)), keysOf };
    for (const name of ['nobody', 'constructor', '__proto__', '']) {
      await problemOf(404, () => receiveDelivery(name, issue(), context, kept));
    }
  });

  it('changes nothing when a handshake comes: it is answered, and no more', async () => {
    const kept = keepers();
    const challenge = signed(slack, { type: 'url_verification', challenge: 'c' });
    const { answer, handled } = await receiveDelivery('s', challenge, contextOf('s', sourceOf(slack)), kept);
    expect(answer).toEqual({ status: 200, body: { challenge: 'c' } });
    expect([handled, kept.created, kept.recorded]).toEqual([[], [], []]);
  });
});
