import { beforeAll, describe, expect, it } from '@jest/globals';
import { objectId } from '../conversations/asked.ts';
import { localSystem } from './local-system.ts';

/**
 * The published clients of the three endpoints, re-enacted from what they are documented to send and to read: their own
 * code is not run here.
 */
const customer = objectId(0xc11e);
beforeAll(localSystem, 90_000);

interface Failure {
  errors: { title: string; detail: string; status: number; code: string }[];
}

async function request(path: string, init: RequestInit = {}, key?: string): Promise<Response> {
  const system = await localSystem();
  return fetch(system.url + path, {
    ...init,
    headers: {
      Authorization: `Bearer ${key ?? system.key}`,
      'Content-Type': 'application/json',
      ...init.headers,
    },
  });
}
const post = (body: unknown): RequestInit => ({ method: 'POST', body: JSON.stringify(body) });

describe('scripts of the Windmill hub', () => {
  const call = async (path: string, init?: RequestInit) => {
    const response = await request(path, init);
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    return (await response.json()) as { data: { id: string } & { id: string }[]; meta: object };
  };

  it('create, create in bulk, and list with every parameter as text', async () => {
    const { data } = await call(`/v1/customers/${customer}/conversations`, post({ name: 'Windmill' }));
    await call('/v1/conversations/bulk', post([{ customer, name: 'Windmill in bulk' }]));
    const query = new URLSearchParams({ page: '1', pageSize: '10', fromDate: '2020-01-01T00:00:00.000Z' });
    const listed = await call(`/v1/customers/${customer}/conversations?${query}`);
    expect(listed.data.map(({ id }) => id)).toContain(data.id);
  });

  it('throw the status with the text of the body', async () => {
    const refused = call(`/v1/customers/${customer}/conversations`, post({ channel: 'email' }));
    await expect(refused).rejects.toThrow(/^400 .*\/channel is not a known field/);
  });
});

describe('kustomer-client', () => {
  it('joins the titles of all errors, and takes status and code of the first', async () => {
    const response = await request('/v1/conversations', post({ customer, name: 5, status: 'snoozed' }));
    const { errors } = (await response.json()) as Failure;
    expect(errors.map(({ title }) => title).join(', ')).toBe(
      '/name must be a string, /status must be one of: open, done',
    );
    expect(errors[0]).toMatchObject({ status: 400, code: 'bad_request' });
  });
});

describe('cognidesk', () => {
  /** Its generated paths have no /v1: its caller's fetch puts it there. */
  const generated = (path: string, init?: RequestInit) => request(`/v1${path}`, init);

  it('finds the statuses that its types say', async () => {
    const path = `/customers/${customer}/conversations`;
    expect((await generated(path, post({}))).status).toBe(201);
    expect((await generated('/conversations/bulk', post([{ customer }]))).status).toBe(201);
    expect((await generated(path)).status).toBe(200);
  });
});

describe('my_app', () => {
  it('creates, and takes the first of a page of one as the current conversation', async () => {
    const owner = objectId(0xc11f);
    await request(
      `/v1/customers/${owner}/conversations`,
      post({ name: 'Earlier', createdAt: '2020-01-01T00:00:00Z' }),
    );
    const created = await request(`/v1/customers/${owner}/conversations`, post({ name: 'A first message' }));
    const body = (await created.json()) as { errors?: unknown; data: { id: string } };
    expect(body).not.toHaveProperty('errors');
    const list = await request(`/v1/customers/${owner}/conversations?page=1&pageSize=1`);
    expect(((await list.json()) as { data: { id: string }[] }).data[0]?.id).toBe(body.data.id);
  });
});

describe('anycli', () => {
  it('creates with the customer in the body', async () => {
    expect((await request('/v1/conversations', post({ customer, name: 'anycli' }))).ok).toBe(true);
  });

  it('reads title and detail, and takes 401 for a bad key', async () => {
    const response = await request(`/v1/customers/${customer}/conversations`, {}, 'no key');
    expect(response.status).toBe(401);
    const { errors } = (await response.json()) as Failure;
    expect(errors).toEqual([
      expect.objectContaining({ title: expect.any(String), detail: expect.stringContaining('Bearer') }),
    ]);
  });
});
