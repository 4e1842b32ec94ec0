import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What was asked of it in one window. */
export interface Window {
  /** When it began, in ms since 1970. */
  start: number;
  requests: number;
  /** Conversations that were handed over in bulk. */
  records: number;
  refused: number;
}

/** A vendor that takes conversations, one by one or in bulk, tells later that all of a bulk was created, and enforces a limit. */
export interface LimitedVendor {
  url: string;
  /** By when it began. */
  windows: ReadonlyMap<number, Window>;
  /** Ids of the conversations that it has, and how often each was handed over. */
  records: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

/** Starts it on a free port of this machine: `limit` requests in each window of `seconds`, which begin with whole multiples of it. */
export async function startLimitedVendor(limit: number, seconds: number): Promise<LimitedVendor> {
  const windows = new Map<number, Window>();
  const records = new Map<string, number>();
  const bulks = new Map<string, readonly { id: string; _clientRef: string }[]>();

  function answer({ method, url = '' }: IncomingMessage, body: string) {
    if (method === 'POST' && url === '/v1/conversations/bulk') {
      const items = JSON.parse(body) as { id: string; _clientRef: string }[];
      for (const { id } of items) records.set(id, (records.get(id) ?? 0) + 1);
      current().records += items.length;
      const id = String(bulks.size).padStart(24, '0');
      bulks.set(id, items);
      return { status: 201, body: { data: { type: 'bulk', id } } };
    }
    const owner = /^\/v1\/customers\/([0-9a-f]{24})\/conversations$/.exec(url)?.[1];
    if (method === 'POST' && owner !== undefined) {
      const { id } = JSON.parse(body) as { id: string };
      records.set(id, (records.get(id) ?? 0) + 1);
      current().records++;
      return { status: 201, body: { data: resourceOf(id, owner) } };
    }
    const items = bulks.get(/^\/v1\/bulk\/(\d{24})\/batches/.exec(url)?.[1] ?? '');
    if (method === 'GET' && items) {
      const results = items.map(({ id, _clientRef }) => ({ _clientRef, objectId: id, status: 'created' }));
      return {
        status: 200,
        body: { data: [{ attributes: { completed: true, results } }], meta: { pages: 1 } },
      };
    }
    return { status: 404, body: { errors: [{ code: 'notfound', title: `No ${method} ${url} here` }] } };
  }

  function current(): Window {
    const start = Math.floor(Date.now() / (seconds * 1000)) * seconds * 1000;
    const window = windows.get(start) ?? { start, requests: 0, records: 0, refused: 0 };
    windows.set(start, window);
    return window;
  }

  const server = createServer(async (incoming, outgoing) => {
    const body = await text(incoming);
    const window = current();
    const isOver = window.requests >= limit;
    if (isOver) window.refused++;
    else window.requests++;
    const { status, body: told } = isOver
      ? { status: 429, body: { errors: [{ code: 'rate_limited', title: 'Too many requests' }] } }
      : answer(incoming, body);
    outgoing
      .writeHead(status, {
        'content-type': 'application/json',
        'x-ratelimit-limit': String(limit),
        'x-ratelimit-remaining': String(limit - window.requests),
        'x-ratelimit-reset': String(window.start / 1000 + seconds),
      })
      .end(JSON.stringify(told));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    windows,
    records,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function resourceOf(id: string, owner: string): object {
  const createdAt = new Date().toISOString();
  return {
    type: 'conversation',
    id,
    attributes: { createdAt, updatedAt: createdAt },
    relationships: { customer: { data: { type: 'customer', id: owner } } },
  };
}
