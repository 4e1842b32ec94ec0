import { describe, expect, it } from '@jest/globals';
import { objectId } from '../conversations/asked.ts';
import { eventually, type Answer } from './local-system.ts';

/** Where the clients are pointed at, and the key that they are given. */
interface System {
  url: string;
  key: string;
}

interface Conversation {
  id: string;
  attributes: { name: string; status: string; direction: string };
}

interface Failure {
  errors: { title: string; detail: string; status: number; code: string }[];
}

interface Page {
  data: Conversation[];
  meta: { page: number; pageSize: number };
  links: { next: string | null };
}

/** Those that the clients create for: each has its own, so that lists are what it made. */
export const clientsCustomers = Array.from({ length: 5 }, (_, n) => objectId(0xc11e00 + n));
const [windmills, kustomerClients, cognidesks, myApps, anyclis] = clientsCustomers as [
  string,
  string,
  string,
  string,
  string,
];

/**
 * The published clients of the three endpoints, re-enacted from what their code sends and reads; their own code is not run here. Each
 * creates, creates in bulk and lists, as far as it does, goes through all pages in its own way, and reads an error.
 */
export function publishedClients(destination: string, system: () => System): void {
  const request = (path: string, init: RequestInit = {}, key = system().key): Promise<Response> =>
    fetch(system().url + path, {
      ...init,
      headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json', ...init.headers },
    });
  const post = (body: unknown): RequestInit => ({ method: 'POST', body: JSON.stringify(body) });
  const answerOf = async (path: string): Promise<Answer> => {
    const response = await request(path);
    return { status: response.status, headers: response.headers, body: await response.json() };
  };
  /** What none of the clients waits for: that a bulk is done. */
  const done = (bulk: string) =>
    eventually(
      () => answerOf(`/v1/bulk/${bulk}`),
      ({ body }) => (body as { data: { attributes: { completed: boolean } } }).data.attributes.completed,
    );
  const namesIn = ({ data }: Pick<Page, 'data'>) => data.map(({ attributes }) => attributes.name);
  const three = ['One', 'Two', 'Three'];

  // https://hub.windmill.dev/scripts/kustomer/16619/get-conversations-by-customer-kustomer
  describe(`scripts of the Windmill hub, with ${destination}`, () => {
    const call = async <Body>(path: string, init?: RequestInit) => {
      const response = await request(path, init);
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
      return (await response.json()) as Body;
    };
    /** Every parameter is a text; an empty one is left out. */
    const list = (page: string, pageSize: string, fromDate = '') => {
      const query = new URLSearchParams();
      for (const [name, value] of Object.entries({ page, pageSize, fromDate })) {
        if (value !== '') query.append(name, value);
      }
      return call<Page>(`/v1/customers/${windmills}/conversations?${query}`);
    };

    it('create, create in bulk, and list page by page until one is not full', async () => {
      const path = `/v1/customers/${windmills}/conversations`;
      const { data } = await call<{ data: Conversation }>(path, post({ name: 'One' }));
      const items = [
        { customer: windmills, name: 'Two' },
        { customer: windmills, name: 'Three' },
      ];
      const bulk = await call<{ data: { id: string } }>('/v1/conversations/bulk', post(items));
      await done(bulk.data.id);
      const found: Conversation[] = [];
      for (let page = 1; ; page++) {
        const listed = await list(String(page), '2', '2020-01-01T00:00:00.000Z');
        found.push(...listed.data);
        if (listed.data.length < 2) break;
      }
      expect(found.map(({ id }) => id)).toContain(data.id);
      expect(namesIn({ data: found }).toSorted()).toEqual(three.toSorted());
    });

    it('throw the status with the text of the body', async () => {
      const refused = call(`/v1/customers/${windmills}/conversations`, post({ channel: 'email' }));
      await expect(refused).rejects.toThrow(/^400 .*\/channel is not a known field/);
    });
  });

  // https://github.com/LarisLab/kustomer-client/blob/main/src/client.ts
  describe(`kustomer-client, with ${destination}`, () => {
    /** Throws as its interceptor does: titles joined, status and code of the first. */
    const call = async <Body>(path: string, init?: RequestInit): Promise<{ data: Body }> => {
      const response = await request(`/v1${path}`, { ...init, headers: { accept: 'application/json' } });
      const body: unknown = await response.json();
      if (response.ok) return { data: body as Body };
      const { errors } = body as Failure;
      const titles = errors.map(({ title }) => title).filter((title) => title !== '');
      const { status, code } = errors[0]!;
      throw Object.assign(new Error(titles.join(', ')), { status, code });
    };

    it('creates, creates in bulk, and lists page by page while there is a next one', async () => {
      const path = `/customers/${kustomerClients}/conversations`;
      const created = await call<{ data: Conversation }>(path, post({ name: 'One', status: 'open' }));
      expect(created.data.data.attributes).toMatchObject({ name: 'One', status: 'open' });
      const items = ['Two', 'Three'].map((name) => ({ customer: kustomerClients, name }));
      const bulk = await call<{ data: { id: string } }>('/conversations/bulk', post(items));
      await done(bulk.data.data.id);
      const names: string[] = [];
      for (let page = 1, isMore = true; isMore; page++) {
        const { data } = await call<Page>(`${path}?page=${page}&pageSize=1`);
        expect(data.meta).toEqual({ page, pageSize: 1 });
        names.push(...namesIn(data));
        isMore = data.links.next !== null;
      }
      expect(names.toSorted()).toEqual(three.toSorted());
    });

    it('joins the titles of all errors, and takes status and code of the first', async () => {
      const body = { customer: kustomerClients, name: 5, status: 'snoozed' };
      await expect(call('/conversations', post(body))).rejects.toMatchObject({
        message: '/name must be a string, /status must be one of: open, done',
        status: 400,
        code: 'bad_request',
      });
    });
  });

  // https://github.com/cognilabz/cognidesk
  describe(`cognidesk, with ${destination}`, () => {
    /** Its generated paths have no /v1: its caller's fetch puts it there. */
    const generated = async (path: string, init?: RequestInit) => {
      const response = await request(`/v1${path}`, init);
      const text = await response.text();
      const body: unknown = text === '' ? undefined : JSON.parse(text);
      if (response.ok) return { status: response.status, body };
      const { message } = body as { message?: unknown };
      throw new Error(typeof message === 'string' ? message : `Request failed with ${response.status}`);
    };

    it('finds the statuses that its types say, and goes by page numbers to an empty page', async () => {
      const path = `/customers/${cognidesks}/conversations`;
      expect((await generated(path, post({ name: 'One' }))).status).toBe(201);
      const bulk = await generated('/conversations/bulk', post([{ customer: cognidesks, name: 'Two' }]));
      expect(bulk.status).toBe(201);
      await done((bulk.body as { data: { id: string } }).data.id);
      const names: string[] = [];
      for (let page = 1; ; page++) {
        const { status, body } = await generated(`${path}?page=${page}&pageSize=1`);
        expect(status).toBe(200);
        if ((body as Page).data.length === 0) break;
        names.push(...namesIn(body as Page));
      }
      expect(names.toSorted()).toEqual(['One', 'Two']);
    });

    it('tells the status of what is refused: it reads no errors', async () => {
      const refused = generated(`/customers/${cognidesks}/conversations`, post({ channel: 'email' }));
      await expect(refused).rejects.toThrow('Request failed with 400');
    });
  });

  // https://github.com/ParthivPatel-BTC/my_app/blob/master/app/services/kustomer/kustomer_api_client.rb
  describe(`my_app, with ${destination}`, () => {
    /** Raises whatever has `errors`, whichever status it came with. */
    const call = async <Body>(path: string, init?: RequestInit): Promise<Body> => {
      const body: unknown = await (await request(`/v1${path}`, init)).json();
      const { errors } = body as Partial<Failure>;
      if (errors && errors.length > 0) throw Object.assign(new Error('KustomerErrors'), { errors });
      return body as Body;
    };
    const path = `/customers/${myApps}/conversations`;
    const current = async () => (await call<Page>(`${path}?page=1&pageSize=1`)).data[0]?.id;

    it('creates, and takes the first of a page of one as the current conversation', async () => {
      expect(await current()).toBeUndefined();
      for (const name of ['An earlier message', 'A first message']) {
        const { data } = await call<{ data: Conversation }>(
          path,
          post({ name, status: 'open', direction: 'in' }),
        );
        expect(await current()).toBe(data.id);
      }
    });

    it('raises the errors of a first message that is too long for a name', async () => {
      const long = post({ name: 'x'.repeat(257), status: 'open', direction: 'in' });
      await expect(call(path, long)).rejects.toMatchObject({
        errors: [{ title: '/name must be at most 256 characters' }],
      });
    });
  });

  // https://github.com/heliohq/anycli/tree/main/internal/tools/kustomer
  describe(`anycli, with ${destination}`, () => {
    /** Its errors are `title: detail`, joined; a 401 makes it drop the key. */
    const call = async <Body>(path: string, init?: RequestInit, key?: string): Promise<Body> => {
      const response = await request(`/v1${path}`, { ...init, headers: { Accept: 'application/json' } }, key);
      const body: unknown = await response.json();
      if (response.ok) return body as Body;
      const told = (body as Failure).errors.map(({ title, detail }) => `${title}: ${detail}`);
      const rejected = response.status === 401 ? 'credential rejected: ' : '';
      throw new Error(`${rejected}kustomer API error (HTTP ${response.status}): ${told.join('; ')}`);
    };

    it('creates with the customer in the body, and lists with all that links.next says', async () => {
      for (const name of three) await call('/conversations', post({ customer: anyclis, name }));
      const names: string[] = [];
      const path = `/customers/${anyclis}/conversations`;
      for (let query: string | undefined = 'page=1&pageSize=2'; query !== undefined;) {
        const listed: Page = await call<Page>(`${path}?${query}`);
        names.push(...namesIn(listed));
        const { next } = listed.links;
        query = next === null ? undefined : new URL(next, system().url).searchParams.toString();
      }
      expect(names).toEqual(three.toReversed());
    });

    it('shows title and detail, and takes 401 for a bad key', async () => {
      const path = `/customers/${anyclis}/conversations`;
      await expect(call(path, {}, 'no key')).rejects.toThrow(
        /^credential rejected: .*HTTP 401.*: A valid API key is required: .*Bearer/,
      );
      await expect(call('/conversations', post({ customer: 'Ada' }))).rejects.toThrow(
        'HTTP 400): /customer must be an object id',
      );
    });
  });
}
