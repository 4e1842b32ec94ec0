import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HooksApi, Refused } from '../../cli/deliveries/hooks-api.ts';
import { UsageError } from '../../cli/run-command.ts';

/** An answer: a status and a body; a status of 0 is none. */
type Given = [status: number, body: unknown];

const delivery = { type: 'delivery', id: 'a/b', attributes: { source: 'events', verdict: 'created' } };
const refusal = { errors: [{ title: 'First' }, { title: 'Second' }] };

describe('the routes for deliveries', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  /** An API that gives these answers, one after the other, and what it was asked. */
  async function api(...given: Given[]) {
    const requests: { method: string; url: string; key: string | undefined }[] = [];
    const server = createServer((request, response) => {
      const { method = '', url = '', headers } = request;
      requests.push({ method, url, key: headers['idempotency-key'] as string | undefined });
      const [status, body] = given[requests.length - 1] ?? [500, 'asked too often'];
      if (status === 0) return void request.socket.destroy();
      response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return { requests, url, api: new HooksApi({ url, key: 'k' }, [1, 1, 1]) };
  }

  it('are asked again when an answer fails to come, or says that it may be better later; with the same Idempotency-Key', async () => {
    const made = await api(
      [0, ''],
      [503, refusal],
      [429, '{"message":"Too Many Requests"}'],
      [201, { data: delivery }],
    );
    expect(await made.api.replay('events', 'a/b', 'run-1')).toEqual(delivery);
    expect(made.requests).toHaveLength(4);
    expect(new Set(made.requests.map((request) => JSON.stringify(request)))).toEqual(
      new Set([
        JSON.stringify({
          method: 'POST',
          url: '/v1/hooks/events/deliveries/a%2Fb/replay?again=true',
          key: 'run-1',
        }),
      ]),
    );
  });

  it('are given up after a few times, with what was said last', async () => {
    const given: Given[] = Array.from({ length: 4 }, () => [502, '<html>']);
    const made = await api(...given);
    await expect(made.api.find('events', 'a')).rejects.toThrow('502 <html>');
    expect(made.requests).toHaveLength(4);
    const away = await api(...Array.from({ length: 4 }, (): Given => [0, '']));
    await expect(away.api.find('events', 'a')).rejects.toThrow(`${away.url} gives no answer: `);
  });

  it('refuse at once what cannot be, in their own words', async () => {
    const made = await api([409, refusal]);
    await expect(made.api.replay('events', 'a')).rejects.toThrow(new Refused(409, '409 First; Second'));
    expect(made.requests).toHaveLength(1);
  });

  it.each([401, 403])('that refuse the key (%s) say which roles it needs', async (status) => {
    const { api: refusing } = await api([status, refusal]);
    const listing = refusing.list('events', { pageSize: 1 });
    await expect(listing).rejects.toThrow(UsageError);
    await expect(listing).rejects.toThrow(
      'The API key is refused: First; Second. It needs org.user.hook.read',
    );
  });

  it('know no delivery that is 404', async () => {
    expect(await (await api([404, refusal])).api.find('events', 'a')).toBeUndefined();
  });
});
