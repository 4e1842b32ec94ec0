import { sign } from '@octokit/webhooks-methods';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { mintApiKey } from '../../functions/access/api-key.ts';
import { localSystem, newKey, send, signingSecret, type Answer } from '../contract/local-system.ts';
import { author, objectId } from '../conversations/asked.ts';
import { githubExample } from '../hooks/github-delivery.ts';
import { completed, submit } from './bulk-client.ts';
import { allLogs, linesWhere, metricsOf, type LogLine } from './function-logs.ts';

interface Hook {
  issue?: { id: number };
  release?: { id: number };
}

const customer = objectId(0x7e1e);
const person = { email: 'jane.of.telemetry@example.com', phone: '+15550109876' };
/** What was used here to prove who asks: none of it may be in a log. */
const proofs: string[] = [];
let secrets: { 'github-issues': string; 'github-releases': string };

beforeAll(async () => {
  const [issues, releases] = [await signingSecret('GithubIssues'), await signingSecret('GithubReleases')];
  secrets = { 'github-issues': issues, 'github-releases': releases };
  proofs.push(issues, releases);
}, 90_000);

/** Delivers as GitHub does, and says with which trace. */
async function deliver(
  source: keyof typeof secrets,
  delivery: string,
  trace: string,
  { signedWith = secrets[source], id = 0x7e1e }: { signedWith?: string; id?: number } = {},
): Promise<Answer> {
  const isIssue = source === 'github-issues';
  const payload = isIssue
    ? githubExample<Hook>('issues', 'opened')
    : githubExample<Hook>('release', 'published');
  (payload.issue ?? payload.release)!.id = id;
  const body = JSON.stringify(payload);
  const signature = await sign(signedWith, body);
  proofs.push(signature.slice('sha256='.length));
  return await send('POST', `/v1/hooks/${source}`, {
    key: null,
    body,
    headers: {
      'content-type': 'application/json',
      'x-amzn-trace-id': `Root=${trace}`,
      'x-github-event': isIssue ? 'issues' : 'release',
      'x-github-delivery': delivery,
      'x-hub-signature-256': signature,
    },
  });
}
const traceOf = (number: number) => `1-67891233-${String(number).padStart(24, '0')}`;
const isOf = (trace: string) => (line: LogLine) => line['xray_trace_id'] === trace;
const isOut = (trace: string) => (line: LogLine) => isOf(trace)(line) && line['message'] === 'request out';
const conversationOf = ({ body }: Answer) =>
  (body as { data: { attributes: { conversation: string } } }).data.attributes.conversation;
const ends = { requestId: expect.any(String), gatewayRequestId: expect.any(String), ms: expect.any(Number) };

describe('telemetry', () => {
  it('tells of a direct hook what came and what became of it, with the trace of its sender', async () => {
    const trace = traceOf(1);
    const answer = await deliver('github-issues', 'telemetry-direct', trace);
    expect(answer.status).toBe(201);
    const route = { function: 'receive-hook', route: 'POST /v1/hooks/{source}', source: 'github-issues' };
    expect(await linesWhere(isOf(trace), 2)).toEqual([
      expect.objectContaining({ level: 'INFO', message: 'request in', ...route }),
      expect.objectContaining({
        level: 'INFO',
        message: 'request out',
        ...route,
        ...ends,
        organisation: author.org,
        delivery: 'telemetry-direct',
        conversation: conversationOf(answer),
        outcome: 'created',
        status: 201,
        secret: 0,
      }),
    ]);
    expect(await metricsOf(isOut(trace))).toMatchObject({
      Stage: 'dev',
      Function: 'receive-hook',
      Source: 'github-issues',
      Accepted: 1,
      Created: 1,
      Latency: expect.any(Number),
    });
  });

  it('joins a queued hook with the write of its conversation: one trace, delivery and conversation', async () => {
    const trace = traceOf(2);
    const answer = await deliver('github-releases', 'telemetry-queued', trace);
    expect(answer.status).toBe(202);
    const isMessage = (line: LogLine) => line['trace'] === trace;
    const known = {
      function: 'write-drafts',
      organisation: author.org,
      source: 'github-releases',
      delivery: 'telemetry-queued',
      conversation: conversationOf(answer),
    };
    const messages = await linesWhere(isMessage, 2);
    expect(messages).toEqual([
      expect.objectContaining({ message: 'message in', ...known, receives: 1, age: expect.any(Number) }),
      expect.objectContaining({ message: 'message out', ...known, settled: 'done', outcome: 'created' }),
    ]);
    // The consumer's own trace is another, which X-Ray links.
    expect(messages[0]).not.toMatchObject({ xray_trace_id: trace });
    const [out] = (await linesWhere(isOut(trace), 1)) as [LogLine];
    expect(out).toMatchObject({ outcome: 'queued', status: 202, conversation: known.conversation });
    expect(await metricsOf(isOut(trace))).toMatchObject({ Accepted: 1 });
    const isWritten = (line: LogLine) => isMessage(line) && line['message'] === 'message out';
    expect(await metricsOf(isWritten)).toMatchObject({
      Stage: 'dev',
      Function: 'write-drafts',
      BatchSize: expect.any(Number),
      OldestMessageAge: expect.any(Number),
      Latency: expect.any(Number),
    });
  });

  it('tells why a signature is refused, and of which source, and counts it', async () => {
    const trace = traceOf(3);
    const wrong = 'a-secret-that-nobody-has-given-to-us';
    proofs.push(wrong);
    const answer = await deliver('github-issues', 'telemetry-refused', trace, { signedWith: wrong });
    expect(answer.status).toBe(401);
    const [out] = await linesWhere(isOut(trace), 1);
    expect(out).toMatchObject({
      source: 'github-issues',
      outcome: 'rejected',
      status: 401,
      code: 'unauthorized',
      reason: 'wrong signature',
    });
    expect(out).not.toHaveProperty('delivery');
    const counted = { Source: 'github-issues', Refused: 1 };
    expect(await metricsOf(isOut(trace))).toMatchObject(counted);
  });

  it('counts no source that is none', async () => {
    const trace = traceOf(4);
    const headers = { 'x-amzn-trace-id': `Root=${trace}` };
    const path = `/v1/hooks/${encodeURIComponent(person.email)}`;
    expect((await send('POST', path, { key: null, json: {}, headers })).status).toBe(404);
    const counted = await metricsOf(isOut(trace));
    expect(counted).toMatchObject({ Refused: 1 });
    expect(counted).not.toHaveProperty('Source');
  });

  it('tells of a create whose it is and which conversation it made', async () => {
    const trace = traceOf(5);
    const headers = { 'x-amzn-trace-id': `Root=${trace}` };
    const json = { customer, name: `Call ${person.email} at ${person.phone}` };
    const answer = await send('POST', '/v1/conversations', { json, headers });
    const { id } = (answer.body as { data: { id: string } }).data;
    const [, out] = await linesWhere(isOf(trace), 2);
    expect(out).toMatchObject({
      function: 'create-conversation',
      route: 'POST /v1/conversations',
      ...ends,
      organisation: author.org,
      conversation: id,
      outcome: 'created',
      status: 201,
    });
    const counted = { Function: 'create-conversation', Accepted: 1, Created: 1 };
    expect(await metricsOf(isOut(trace))).toMatchObject(counted);
  });

  it('tells why a body is refused by the places at fault, not by what stood there', async () => {
    const trace = traceOf(6);
    const headers = { 'x-amzn-trace-id': `Root=${trace}` };
    const json = { customer, [person.email]: 1, custom: { planStr: 15550109876 } };
    expect((await send('POST', '/v1/conversations', { json, headers })).status).toBe(400);
    const [out] = await linesWhere(isOut(trace), 1);
    expect(out).toMatchObject({ code: 'bad_request', at: expect.arrayContaining(['/…', '/custom/planStr']) });
    expect(JSON.stringify(out)).not.toContain('15550109876');
    expect(await metricsOf(isOut(trace))).toMatchObject({ Refused: 1 });
  });

  const strange = mintApiKey({ ...author, roles: ['org'] }).key;
  it.each([
    ['no API key', 7, null],
    ['malformed API key', 8, 'some-key-of-another-system'],
    ['unknown API key', 9, strange],
  ])('tells why a caller is refused, which the answer does not: %s', async (reason, number, key) => {
    if (key !== null) proofs.push(key);
    const trace = traceOf(number);
    const headers = { 'x-amzn-trace-id': `Root=${trace}` };
    const answer = await send('GET', `/v1/customers/${customer}/conversations`, { key, headers });
    expect(answer.status).toBe(401);
    expect(JSON.stringify(answer.body)).not.toContain(reason);
    const [out] = await linesWhere(isOut(trace), 1);
    expect(out).toMatchObject({ status: 401, code: 'unauthorized', reason });
    const counted = { Function: 'list-conversations', Refused: 1 };
    expect(await metricsOf(isOut(trace))).toMatchObject(counted);
  });

  it('tells of a caller whose key has another secret', async () => {
    const key = await newKey({});
    const wrong = `${key.slice(0, -8)}aaaaaaaa`;
    proofs.push(key, wrong);
    const trace = traceOf(10);
    const headers = { 'x-amzn-trace-id': `Root=${trace}` };
    expect((await send('GET', `/v1/conversations/${objectId(1)}`, { key: wrong, headers })).status).toBe(401);
    expect((await linesWhere(isOut(trace), 1))[0]).toMatchObject({ reason: 'wrong API key' });
  });

  it('follows a bulk job from its request to each of its batches, and counts its conversations', async () => {
    const trace = traceOf(11);
    const items = Array.from({ length: 150 }, (_, index) => ({ customer, name: `Item ${index}` }));
    const job = await submit(items, { headers: { 'x-amzn-trace-id': `Root=${trace}` } });
    await completed(job);
    const [out] = await linesWhere(isOut(trace), 1);
    expect(out).toMatchObject({ organisation: author.org, job, items: 150, outcome: 'queued', status: 201 });
    expect(await metricsOf(isOut(trace))).toMatchObject({ Accepted: 150 });
    const isDone = (line: LogLine) => line['message'] === 'message out' && line['job'] === job;
    const batches = await linesWhere(isDone, 2);
    expect(batches.map(({ batch, outcomes }) => [batch, outcomes]).toSorted()).toEqual([
      [1, { created: 100 }],
      [2, { created: 50 }],
    ]);
    for (const batch of batches)
      expect(batch).toMatchObject({ trace, settled: 'done', organisation: author.org });
    const counted = await metricsOf(isDone);
    expect(counted).toMatchObject({ BulkBatchAge: expect.any(Number), Created: expect.any(Number) });
  });

  it('has nothing in any log that proves who asks, nor what was sent: no key or part of one, secret, signature, header or body', async () => {
    const { key } = await localSystem();
    const logs = allLogs();
    const parts = [key, ...proofs].flatMap((proof) => [proof, ...(/^ci_(\w{24})_(.+)$/.exec(proof) ?? [])]);
    expect(parts.length).toBeGreaterThan(proofs.length + 3);
    for (const part of parts) expect(logs).not.toContain(part);
    expect(logs).not.toMatch(/bearer|sha256=|x-hub-signature|authorization/i);
    for (const data of [person.email, person.phone, 'Spelling error in the README']) {
      expect(logs).not.toContain(data);
    }
    // The same search finds what may be there.
    for (const known of ['telemetry-queued', 'wrong signature']) expect(logs).toContain(known);
  });
});
