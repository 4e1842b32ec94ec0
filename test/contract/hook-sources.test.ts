import { beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { readSample } from '../../cli/hooks/read-sample.ts';
import { signDelivery } from '../../functions/hooks/sign.ts';
import { sources } from '../../functions/hooks/sources.ts';
import { conversationIn, errorsIn, expectHeaders, placesIn, type ConversationResource } from './answers.ts';
import { eventually, localSystem, send, signingSecret, type Answer } from './local-system.ts';

const samples = join(import.meta.dirname, '../../docs/samples');

beforeAll(async () => {
  await localSystem();
}, 90_000);

/** What a delivery may differ in: whose secret signs it, and its body. */
interface Difference {
  signer?: string;
  body?: string;
}

/** Delivers a source's sample as its sender does. */
async function deliverSample(name: string, { signer = name, ...changed }: Difference = {}): Promise<Answer> {
  const { url } = await localSystem();
  const path = `/v1/hooks/${name}`;
  const sample = readSample(join(samples, `${name}.json`));
  const body = Buffer.from(changed.body ?? sample.body);
  const id = sample.headers['webhook-id'];
  const { headers } = signDelivery(
    sources[name]!.sender.scheme,
    await signingSecret(pascalCase(signer)),
    { body, headers: sample.headers, method: 'POST', url: `${url}${path}` },
    { now: Date.now(), ...(id !== undefined && { id }) },
  );
  return await send('POST', path, { key: null, body, headers: headers as Record<string, string> });
}

function pascalCase(name: string): string {
  return name.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** The id of the conversation that a delivery led to. */
function conversationOf(answer: Answer, status: number, verdict: string): string {
  expect({ status: answer.status, body: answer.body }).toMatchObject({ status });
  expectHeaders(answer);
  const { data } = answer.body as { data: { id: string; attributes: { conversation: string } } };
  expect(data).toMatchObject({ type: 'delivery', attributes: { verdict } });
  return data.attributes.conversation;
}

const find = (path: string) => () => send('GET', `/v1/conversations/${path}`);
const isThere = ({ status }: Answer) => status === 200;

/** All conversations of the same customer that are of the same thing. */
async function sameAs({ relationships, attributes }: ConversationResource): Promise<ConversationResource[]> {
  const { data } = relationships['customer'] as { data: { id: string } };
  const { status, body } = await send('GET', `/v1/customers/${data.id}/conversations?pageSize=100`);
  expect(status).toBe(200);
  return (body as { data: ConversationResource[] }).data.filter(
    (other) =>
      other.attributes['name'] === attributes['name'] &&
      other.attributes['externalId'] === attributes['externalId'],
  );
}

describe.each([
  ['github-issues', 'github-issue-444500041', 'Spelling error in the README file'],
  ['pagerduty-incidents', 'pagerduty-incident-Q1L5XKZ7N0P2RT', 'Card payments fail in Europe'],
  ['typeform-responses', 'typeform-response-u4f9k2m8z7c1b6n3x5a0s4d2g8h1j7l9', 'Tell us what went wrong'],
])('the sample of the direct source %s', (source, externalId, name) => {
  it('becomes one conversation at once, however often it is delivered', async () => {
    const id = conversationOf(await deliverSample(source), 201, 'created');
    const found = conversationIn(await find(`externalId=${externalId}`)(), 200);
    expect(found).toMatchObject({ id, attributes: { externalId, name } });
    expect(conversationOf(await deliverSample(source), 200, 'repeated')).toBe(id);
    expect(conversationIn(await find(id)(), 200)).toEqual(found);
    expect(await sameAs(found)).toEqual([found]);
  });
});

describe.each([
  ['events', undefined, 'The subscription of Kofi Mensah lapsed'],
  ['github-releases', 'github-release-17372790', '0.0.1'],
  ['shopify-cancelled-orders', 'shopify-order-6043290173662', 'Order #1042 was cancelled'],
  ['stripe-disputes', 'stripe-dispute-du_1RkTq1LuKp7wVbX3Zt5yHc2N', 'Payment disputed: product not received'],
])('the sample of the queued source %s', (source, externalId, name) => {
  it('soon becomes one conversation, however often it is delivered', async () => {
    const id = conversationOf(await deliverSample(source), 202, 'queued');
    const found = conversationIn(await eventually(find(id), isThere), 200);
    expect(found.attributes['name']).toBe(name);
    expect(found.attributes['externalId']).toBe(externalId);
    if (externalId !== undefined)
      expect(conversationIn(await find(`externalId=${externalId}`)(), 200)).toEqual(found);
    expect(conversationOf(await deliverSample(source), 202, 'queued')).toBe(id);
    expect(await sameAs(found)).toEqual([found]);
  });
});

describe.each(Object.keys(sources))('the sample of %s', (source) => {
  it('is refused when another source’s secret signed it', async () => {
    const signer = source === 'events' ? 'stripe-disputes' : 'events';
    const answer = await deliverSample(source, { signer });
    errorsIn(answer, 401, 'unauthorized');
    expectHeaders(answer);
  });
});

describe('a genuine delivery that its source cannot use', () => {
  const withoutTitle =
    '{"event_id":"1","event_type":"form_response","form_response":{"definition":{"title":5}}}';
  const withoutService = '{"event":{"id":"1","event_type":"incident.triggered","data":{"service":null}}}';

  it('is told to a sender that then lets it be', async () => {
    const answer = await deliverSample('typeform-responses', { body: withoutTitle });
    expect(placesIn(errorsIn(answer, 422, 'unprocessable'))).toContain('/form_response/definition/title');
    errorsIn(await deliverSample('typeform-responses', { body: 'x' }), 400, 'bad_request');
  });

  it.each([
    ['pagerduty-incidents', withoutService, '1', '/event/data/service'],
    ['pagerduty-incidents', '', expect.stringMatching(/^sha256:/), ''],
    ['stripe-disputes', '{"id":"evt_1","type":"charge.dispute.created"}', 'evt_1', '/data'],
    ['shopify-cancelled-orders', '[]', 'b54557e4-bdd9-4b37-8a5f-bf7d70bcd043', ''],
    ['events', '{"type":"a"}', 'msg_2KWPBgLlAfxdpx2AI54pPJ85f4W', '/timestamp'],
  ])(
    'is 200 to one that would send it again, with what is wrong with it: %s, %j',
    async (source, body, id, pointer) => {
      const answer = await deliverSample(source, { body });
      expect({ status: answer.status, body: answer.body }).toMatchObject({
        status: 200,
        body: { data: { type: 'delivery', id, attributes: { source, verdict: 'rejected' } } },
      });
      const { faults } = (answer.body as { data: { attributes: { faults: object[] } } }).data.attributes;
      expect(faults).toContainEqual({ title: expect.any(String), pointer });
    },
  );
});
