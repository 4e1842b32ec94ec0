import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseBulk } from '../../functions/bulk/bulk-item.ts';
import { conversationFrom, conversationResource } from '../../functions/conversations/conversation.ts';
import { parseDraft, parseDraftFor, resolveCustomer } from '../../functions/conversations/draft.ts';
import { readJsonBody } from '../../functions/lambda/json-body.ts';
import { Problem, problemBody, type Fault } from '../../functions/lambda/problem.ts';
import { author, customer } from '../conversations/asked.ts';
import { readMessage, writeMessage } from '../../functions/queue/draft-message.ts';
import { anyFields, goodCustomer, goodFields, shareOfRuns } from './generated.ts';
import { asGivenBack } from './given-back.ts';

/** What a body becomes on its way in: text, bytes, JSON again. Its value, and what is wrong with it anywhere. */
function received(body: unknown): [unknown, readonly Fault[]] {
  const bytes = Buffer.from(JSON.stringify(body)).toString('base64');
  const { value, faults } = readJsonBody({ body: bytes, isBase64Encoded: true, headers: {} }, 1 << 20);
  return [value, faults];
}

/** Lets `read` have its way; what it throws must be a refusal with a fault at a place, and fit for an answer. */
function refusalOf(read: () => unknown): Problem | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(Problem);
    const problem = error as Problem;
    expect(problem.status).toBe(400);
    expect(problem.faults.length).toBeGreaterThan(0);
    for (const { pointer, parameter, title } of problem.faults) {
      expect(pointer ?? parameter).toEqual(expect.any(String));
      expect(title.length).toBeGreaterThan(0);
    }
    expect(JSON.stringify(problemBody(problem, 'request')).isWellFormed()).toBe(true);
    return problem;
  }
}

describe('the draft schema', () => {
  it('takes whatever the contract takes, and gives it back as it was sent', () => {
    fc.assert(
      fc.property(goodFields, (fields) => {
        const draft = parseDraftFor(customer, ...received(fields));
        const conversation = conversationFrom(draft, author, { kind: 'api', requestId: 'request' });
        expect(conversationResource(conversation).attributes).toMatchObject(asGivenBack(fields));
      }),
      shareOfRuns(0.25),
    );
  });

  it('reads whatever it took from the queue just as it was', () => {
    fc.assert(
      fc.property(goodFields, goodCustomer, (fields, ref) => {
        const sent = { ...fields, customer: ref };
        const draft = resolveCustomer(author.org, parseDraft(...received(sent)));
        const origin = { kind: 'api', requestId: 'request' } as const;
        const message = { version: 1, conversation: conversationFrom(draft, author, origin) } as const;
        const written = writeMessage(message);
        // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
        expect(written).toMatch(/^[\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u);
        expect(readMessage(written)).toEqual(message);
      }),
      shareOfRuns(0.1),
    );
  });

  it('takes whatever names a customer, in one way of writing that it takes again', () => {
    fc.assert(
      fc.property(goodCustomer, (ref) => {
        const asked = parseDraft(...received({ customer: ref }));
        expect(parseDraft(...received(asked))).toEqual(asked);
        expect(resolveCustomer(author.org, asked).customer).toMatch(/^[0-9a-f]{24}$/);
      }),
      shareOfRuns(0.2),
    );
  });

  it('takes or refuses anything else, and never breaks', () => {
    fc.assert(
      fc.property(fc.oneof(anyFields, fc.jsonValue()), (body) => {
        refusalOf(() => parseDraftFor(customer, ...received(body)));
        refusalOf(() => parseDraft(...received(body)));
      }),
      shareOfRuns(0.2),
    );
  });

  it('takes a bulk of what it takes alone, and nothing else', () => {
    const anyItem = fc.oneof(
      goodFields.map((fields) => ({ customer, ...fields })),
      fc.tuple(goodFields, goodCustomer).map(([fields, ref]) => ({ ...fields, customer: ref })),
      anyFields,
    );
    fc.assert(
      fc.property(fc.array(anyItem, { minLength: 1, maxLength: 4 }), (items) => {
        const withoutRefs = items.map(({ ...item }) => {
          delete (item as Record<string, unknown>)['_clientRef'];
          return item;
        });
        const alone = withoutRefs.some(
          (item) => refusalOf(() => parseDraft(...received(item))) !== undefined,
        );
        expect(refusalOf(() => parseBulk(...received(withoutRefs))) !== undefined).toBe(alone);
      }),
      shareOfRuns(0.1),
    );
  });

  it('reads any bytes at all as JSON, or refuses them', () => {
    const anyBytes = fc.oneof(
      fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
      fc.json().map((text) => Buffer.from(text)),
      fc.tuple(fc.json(), fc.nat(60)).map(([text, length]) => Buffer.from(text).subarray(0, length)),
    );
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const request = { body: bytes.toString('base64'), isBase64Encoded: true, headers: {} };
        refusalOf(() => readJsonBody(request, 1 << 20));
      }),
      shareOfRuns(0.1),
    );
  });
});
