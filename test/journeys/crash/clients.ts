import { setTimeout as delay } from 'node:timers/promises';
import { signSample } from '../../../cli/hooks/sign-sample.ts';
import { sources } from '../../../functions/hooks/sources.ts';
import type { Ask, Create, Delivery, Job } from './asks.ts';
import type { Ledger } from './ledger.ts';

/** An answer; status 0 for none: the connection was refused or broke, or the time was up. */
interface Answer {
  status: number;
  body: unknown;
}

/** Milliseconds that a client waits for an answer, and before it tries again. */
const patience = 15_000;
const pause = 40;
/** Milliseconds after which a client gives up, and with it the whole run. */
const lastPatience = 120_000;

/** Where the system is, who asks, and with which secrets the sources are signed. */
export interface Clients {
  url: string;
  key: string;
  secretOf(source: string): string;
  ledger: Ledger;
}

/** Asks as a real client would, again and again until it is answered, and notes in the ledger what it was promised. */
export async function ask(asked: Ask, clients: Clients): Promise<void> {
  if (asked.kind === 'delivery') await deliver(asked, clients);
  else if (asked.kind === 'create') await create(asked, clients);
  else await submit(asked, clients);
}

/** A sender tries until it gets a 2xx, signing anew each time. */
async function deliver(delivery: Delivery, clients: Clients): Promise<void> {
  const { source, event, name, verdict, sample, holder, repeated } = delivery;
  const { ledger, url } = clients;
  if (holder) await create(holder, clients);
  const path = `${url}/v1/hooks/${source}`;
  const { scheme } = sources[source]!.sender;
  const send = async () => {
    const signed = signSample(scheme, clients.secretOf(source), sample, path);
    return await post(path, signed.headers as Record<string, string>, new Uint8Array(signed.body));
  };
  const isTaken = ({ status }: Answer) => status >= 200 && status < 300;
  const takings = Array.from({ length: repeated === 'at once' ? 2 : 1 }, () => insist(name, send, isTaken));
  const answers = await Promise.all(takings);
  if (repeated === 'later') answers.push(await insist(name, send, isTaken));
  ledger.verdicts.set(`${source} ${event}`, verdict);
  if (verdict === 'failed' && sources[source]!.delivery === 'queued') ledger.deadLetters.add(name);
  if (verdict !== 'created') return;
  ledger.accept(name);
  for (const { body } of answers)
    ledger.told(name, dataIn<{ attributes: { conversation: string } }>(body).attributes.conversation);
}

/**
 * With a key the same request may be sent until it is answered. With an externalId alone a client that had no answer is told 409 and the
 * id when the first one was carried out. With neither it asks once.
 */
async function create({ name, key, json }: Create, clients: Clients): Promise<void> {
  const { ledger, url } = clients;
  const send = () => post(`${url}/v1/conversations`, headersFor(clients, key), JSON.stringify(json));
  const isTaken = ({ status }: Answer) => status === 201 || (key === undefined && status === 409);
  if (key === undefined && json.externalId === undefined) {
    const once = await send();
    if (once.status !== 201) return leaveOpen(once, ledger, name);
    ledger.accept(name);
    return ledger.told(name, dataIn<{ id: string }>(once.body).id);
  }
  const answers = [await insist(name, send, isTaken)];
  if (isEven(name)) answers.push(await insist(name, send, isTaken));
  ledger.accept(name);
  for (const { status, body } of answers) {
    const id = status === 201 ? dataIn<{ id: string }>(body).id : heldBy(body);
    ledger.told(name, id);
  }
}

async function submit(job: Job, clients: Clients): Promise<void> {
  const { ledger, url } = clients;
  const names = job.items.map(({ name }) => name);
  const send = () =>
    post(`${url}/v1/conversations/bulk`, headersFor(clients, job.key), JSON.stringify(job.items));
  const isTaken = ({ status }: Answer) => status === 201;
  if (job.key === undefined) {
    const once = await send();
    if (!isTaken(once)) return leaveOpen(once, ledger, ...names);
    return acceptJob(job, dataIn<{ id: string }>(once.body).id, ledger);
  }
  const first = await insist(job.key, send, isTaken);
  const { id } = dataIn<{ id: string }>(first.body);
  ledger.told(job.key, id);
  if (isEven(job.key)) {
    const again = await insist(job.key, send, isTaken);
    ledger.told(job.key, dataIn<{ id: string }>(again.body).id);
  }
  acceptJob(job, id, ledger);
}

function acceptJob(job: Job, id: string, ledger: Ledger): void {
  const names = job.items.map(({ name }) => name);
  ledger.jobs.push({ id, job });
  ledger.accept(...(job.hasTwins ? names.slice(0, -2) : names));
  if (job.hasTwins) ledger.acceptOneOf(names.slice(-2));
}

/** Nobody may be refused what is right to ask. */
function leaveOpen(answer: Answer, ledger: Ledger, ...names: string[]): void {
  if (!mayPass(answer)) ledger.faults.push(`${names[0]} was answered ${described(answer)}`);
  ledger.leaveOpen(...names);
}

/** Sends until it is taken. Throws an Error for an answer that no repetition can mend, and after two minutes. */
async function insist(
  name: string,
  send: () => Promise<Answer>,
  isTaken: (answer: Answer) => boolean,
): Promise<Answer> {
  const until = performance.now() + lastPatience;
  for (;;) {
    const answer = await send();
    if (isTaken(answer)) return answer;
    if (!mayPass(answer) || performance.now() > until) {
      throw new Error(`${name} was answered ${described(answer)}`);
    }
    await delay(pause);
  }
}

function mayPass({ status }: Answer): boolean {
  return status === 0 || status >= 500;
}

async function post(
  url: string,
  headers: Record<string, string>,
  body: string | Uint8Array<ArrayBuffer>,
): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body,
      signal: AbortSignal.timeout(patience),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  } catch (error) {
    return { status: 0, body: String(error) };
  }
}

function headersFor({ key }: Clients, idempotencyKey: string | undefined): Record<string, string> {
  return {
    authorization: `Bearer ${key}`,
    'content-type': 'application/json',
    ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
  };
}

function dataIn<Data>(body: unknown): Data {
  return (body as { data: Data }).data;
}

/** The conversation that a 409 names. */
function heldBy(body: unknown): string {
  return (body as { errors: { meta: { id: string } }[] }).errors[0]!.meta.id;
}

function described({ status, body }: Answer): string {
  return `${status || 'not at all'}: ${JSON.stringify(body)?.slice(0, 300)}`;
}

/** Half of all ask again when they have their answer: by the number at the end of their name. */
function isEven(name: string): boolean {
  return Number(/\d+$/.exec(name)?.[0]) % 2 === 0;
}
