import { expect } from '@jest/globals';
import { eventually, send, type Answer, type RequestOptions } from '../contract/local-system.ts';

/** The parts of a bulk job's resource that tests look at. */
export interface JobData {
  id: string;
  attributes: {
    status: string;
    completed: boolean;
    batchErrors: boolean;
    lastBatchError: string | null;
    batches: { complete: number; total: number; idsTotal: number };
    payload: { api: { data: object[]; requestId: string } };
  };
}

/** One item's outcome, when items have a `_clientRef`. */
export interface ItemResult {
  _clientRef: string;
  objectId: string | null;
  status: 'created' | 'error';
  error: string | null;
}

/** The parts of a batch's resource that tests look at. */
export interface BatchData {
  id: string;
  attributes: {
    status: string;
    completed: boolean;
    updatedAt: string;
    successCount: number;
    failureCount: number;
    objectIds: string[];
    errors: { id: string; data: { code: string; title: string; index: number } }[];
    results?: ItemResult[];
    payload: { api: { data: object[] } };
  };
}

/** The `data` of an answer, taken to be what the caller says it is. */
export function dataOf<Data>({ body }: Answer): Data {
  return (body as { data: Data }).data;
}

/** Submits a job, expects that it is taken on, and returns its id. */
export async function submit(items: object[], options: RequestOptions = {}): Promise<string> {
  const answer = await send('POST', '/v1/conversations/bulk', { json: items, ...options });
  expect(answer).toMatchObject({ status: 201, body: { data: { type: 'bulk' } } });
  return dataOf<JobData>(answer).id;
}

/** Asks for a job until it is complete. */
export async function completed(job: string): Promise<JobData> {
  const ask = () => send('GET', `/v1/bulk/${job}`);
  return dataOf<JobData>(await eventually(ask, (answer) => dataOf<JobData>(answer).attributes.completed));
}

/** All batches of a job, in their order. */
export async function batchesOf(job: string, query = ''): Promise<BatchData[]> {
  const answer = await send('GET', `/v1/bulk/${job}/batches${query}`);
  expect(answer.status).toBe(200);
  return dataOf<BatchData[]>(answer);
}

/** A conversation of a list, as far as tests look at it. */
export interface Listed {
  id: string;
  attributes: { name: string; externalId?: string };
}

/** All conversations of a customer, following `links.next`. */
export async function allOf(customer: string): Promise<Listed[]> {
  const found: Listed[] = [];
  let next: string | null = `/v1/customers/${customer}/conversations`;
  while (next !== null) {
    const { body } = await send('GET', next);
    const page = body as { data: Listed[]; links: { next: string | null } };
    found.push(...page.data);
    next = page.links.next;
  }
  return found;
}
