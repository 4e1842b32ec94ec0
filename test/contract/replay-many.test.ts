import { beforeAll, describe, expect, it } from '@jest/globals';
import { conversationIn, errorsIn, expectHeaders, placesIn } from './answers.ts';
import { deliver, deliveryIn, listIn, pathOf, release, removeConversation } from './delivered.ts';
import { eventually, localSystem, send, type Answer, type RequestOptions } from './local-system.ts';

const customer = '58210c3db0f09110006b7953';
const byExternalId = (externalId: string) => send('GET', `/v1/conversations/externalId=${externalId}`);
const delivery = async (source: string, id: string) =>
  deliveryIn(await send('GET', pathOf(source, id))).attributes;

beforeAll(async () => {
  await localSystem();
}, 90_000);

describe('a replay of many', () => {
  const replayMany = (json: unknown, options: RequestOptions = {}) =>
    send('POST', '/v1/hooks/github-releases/replay', { json, ...options });
  const reportIn = (answer: Answer, status: number) => {
    expect({ status: answer.status, body: answer.body }).toMatchObject({
      status,
      body: { data: { type: 'replay' } },
    });
    expectHeaders(answer);
    return (answer.body as { data: { attributes: Record<string, unknown> } }).data.attributes;
  };
  const verdictsOf = async (ids: readonly string[]) =>
    Promise.all(ids.map(async (id) => (await delivery('github-releases', id)).verdict));

  it('tells what would become of them, and then makes their conversations through the queue', async () => {
    const from = new Date().toISOString();
    const numbers = [30_101, 30_102, 30_103];
    const ids = numbers.map((number) => `m-${number}`);
    const holders: string[] = [];
    for (const number of numbers) {
      const json = { customer, externalId: `github-release-${number}` };
      holders.push(conversationIn(await send('POST', '/v1/conversations', { json }), 201).id);
      await deliver('github-releases', `m-${number}`, release(number));
    }
    const failed = `/v1/hooks/github-releases/deliveries?verdict=failed&from=${from}`;
    const mine = (answer: Answer) => listIn(answer).data.filter(({ id }) => ids.includes(id));
    await eventually(
      () => send('GET', failed),
      (answer) => mine(answer).length === 3,
    );
    const to = new Date().toISOString();
    for (const holder of holders) await removeConversation(holder);

    const counts = { source: 'github-releases', repeated: 0, ignored: 0, rejected: 0, failed: 0 };
    const dry = reportIn(await replayMany({ from, to, dryRun: true, limit: 1000 }), 200);
    expect(dry).toMatchObject({ ...counts, dryRun: true, next: null, queued: dry['matched'] });
    expect(dry['matched']).toBeGreaterThanOrEqual(3);
    expect(await verdictsOf(ids)).toEqual(['failed', 'failed', 'failed']);
    for (const number of numbers) {
      errorsIn(await byExternalId(`github-release-${number}`), 404, 'notfound');
    }

    let cursor: unknown;
    let matched = 0;
    do {
      const report = reportIn(await replayMany({ from, to, limit: 2, ...(cursor ? { cursor } : {}) }), 202);
      expect(report).toMatchObject({ ...counts, dryRun: false, queued: report['matched'] });
      matched += Number(report['matched']);
      cursor = report['next'];
    } while (cursor);
    expect(matched).toBe(dry['matched']);
    for (const [index, number] of numbers.entries()) {
      const answer = await eventually(
        () => byExternalId(`github-release-${number}`),
        ({ status }) => status === 200,
      );
      expect(await delivery('github-releases', ids[index]!)).toMatchObject({
        verdict: 'created',
        conversation: conversationIn(answer, 200).id,
        error: null,
        attempts: 1,
      });
    }
  }, 60_000);

  it('of none is none', async () => {
    const report = reportIn(await replayMany({ to: '2020-01-01T00:00:00Z' }), 202);
    expect(report).toMatchObject({ matched: 0, queued: 0, next: null });
  });

  it('is refused with every fault at once', async () => {
    const faulty = { verdict: 'x', from: 'x', to: 5, limit: 0, dryRun: 1, cursor: 1, other: 1 };
    const errors = errorsIn(await replayMany(faulty), 400, 'bad_request');
    expect(placesIn(errors).toSorted()).toEqual(
      Object.keys(faulty)
        .map((name) => `/${name}`)
        .toSorted(),
    );
    expect(placesIn(errorsIn(await replayMany({ cursor: 'x' }), 400, 'bad_request'))).toEqual(['/cursor']);
    for (const json of [[], 'x', null]) errorsIn(await replayMany(json), 400, 'bad_request');
    errorsIn(await send('POST', '/v1/hooks/github-releases/replay'), 400, 'bad_request');
  });
});
