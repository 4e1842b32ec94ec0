import { once } from 'node:events';
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** What a customer can be looked up by. */
type CustomerKind = 'email' | 'phone' | 'externalId';

/** A request for customers that arrived, in the order of arrival. */
interface Asked {
  method: string;
  /** Decoded: `email=ada@example.com`; empty for a create. */
  by: string;
}

/** The vendor's customers, before a server that has its conversations. */
export interface CustomersServer {
  url: string;
  asked: readonly Asked[];
  /** Makes a customer whom nobody has to create; its id may be given. Those of all keys have it. */
  add(id: string, names?: Partial<Record<CustomerKind, string>>): void;
  /** Deletes a customer: nothing leads to it any more. */
  delete(id: string): void;
  /** Ids of all customers there are. */
  ids(): string[];
  /** Lets the next lookups wait until so many have come, and only then answers them, with what was there then. */
  gather(lookups: number): void;
  /** The status that a name which is taken is refused with: 409 unless told. The vendor documents none. */
  refuseTaken(status: number): void;
  reset(): void;
  close(): Promise<void>;
}

interface Customer {
  id: string;
  /** As `email=ada@example.com`. */
  names: string[];
}

/**
 * Starts a simulation of the vendor's customers on a free port of this machine, as far as it is documented
 * (https://developer.kustomer.com/api/core-resources/create-customer): an email, a phone and an externalId are one customer's alone, fields
 * that are not documented, an `id` among them, are refused, and conversations are for customers that there are. What it answers is as in
 * recorded traffic. All else goes on to the server at `target`.
 */
export async function startCustomersServer(target?: string): Promise<CustomersServer> {
  const asked: Asked[] = [];
  let customers: Customer[] = [];
  let made = 0;
  let takenStatus = 409;
  let gathering: { left: number; complete: () => void; all: Promise<void> } | undefined;

  const find = (name: string) => customers.find(({ names }) => names.includes(name));

  async function lookUp(name: string, outgoing: ServerResponse): Promise<void> {
    if (gathering) {
      const { all, complete } = gathering;
      if (--gathering.left === 0) {
        gathering = undefined;
        complete();
      }
      // Both have been told that nobody is there before either goes on.
      const found = find(name);
      await all;
      return answerFound(found, name, outgoing);
    }
    answerFound(find(name), name, outgoing);
  }

  function create(body: unknown, outgoing: ServerResponse): void {
    const read = namesIn(body);
    if ('fault' in read) return refuse(outgoing, 400, 'badparam', read.fault, read.parameter);
    const taken = read.names.find((name) => find(name));
    if (taken !== undefined) return refuse(outgoing, takenStatus, 'conflict', 'Is taken', kindIn(taken));
    const customer = { id: (++made).toString(16).padStart(24, 'c'), names: read.names };
    customers.push(customer);
    send(outgoing, 201, { data: resourceOf(customer) });
  }

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = '', url = '' } = incoming;
    const body = await buffer(incoming);
    const [, by] = /^\/v1\/customers\/((?:email|phone|externalId)=[^/?]*)$/.exec(url) ?? [];
    if (method === 'GET' && by !== undefined) {
      const name = decodeURIComponent(by);
      asked.push({ method, by: name });
      return await lookUp(name, outgoing);
    }
    if (method === 'POST' && url === '/v1/customers') {
      asked.push({ method, by: '' });
      return create(JSON.parse(body.toString()), outgoing);
    }
    const [, owner] = /^\/v1\/customers\/([^/?]*)\/conversations$/.exec(url) ?? [];
    const isThere = owner === undefined || customers.some(({ id }) => id === owner);
    if (method === 'POST' && !isThere) return refuse(outgoing, 404, 'notfound', 'Not Found', 'id');
    if (target === undefined) return refuse(outgoing, 404, 'notfound', 'Not Found');
    await passOn(target, incoming, body, outgoing);
  }

  const server = createServer((incoming, outgoing) => {
    serve(incoming, outgoing).catch(() => outgoing.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    add: (id, names = {}) =>
      void customers.push({ id, names: Object.entries(names).map(([kind, text]) => `${kind}=${text}`) }),
    delete: (id) => {
      customers = customers.filter((each) => each.id !== id);
    },
    ids: () => customers.map(({ id }) => id),
    gather: (left) => {
      const { promise: all, resolve: complete } = Promise.withResolvers<void>();
      gathering = { left, complete, all };
    },
    refuseTaken: (status) => {
      takenStatus = status;
    },
    reset: () => {
      asked.length = 0;
      customers = [];
      takenStatus = 409;
      gathering = undefined;
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** The names in the body of a create, or what is wrong with it. */
function namesIn(body: unknown): { names: string[] } | { fault: string; parameter: string } {
  const names: string[] = [];
  for (const [field, value] of Object.entries(body as Record<string, unknown>)) {
    if (field === 'externalId') names.push(`externalId=${String(value)}`);
    else if (field === 'emails' || field === 'phones') {
      const kind = field === 'emails' ? 'email' : 'phone';
      for (const entry of value as Record<string, string>[]) {
        const text = entry[kind] ?? '';
        if (kind === 'email' && !/^[^@\s]+@[^@\s]+\.[a-z]+$/.test(text)) {
          return { fault: 'Must be an email address', parameter: 'email' };
        }
        names.push(`${kind}=${text}`);
      }
    } else return { fault: 'Additional properties not allowed', parameter: field };
  }
  return { names };
}

function kindIn(name: string): string {
  return name.slice(0, name.indexOf('='));
}

function answerFound(found: Customer | undefined, name: string, outgoing: ServerResponse): void {
  if (found) send(outgoing, 200, { data: resourceOf(found) });
  else refuse(outgoing, 404, 'notfound', 'Not Found', kindIn(name));
}

function resourceOf({ id, names }: Customer): object {
  const textsOf = (kind: string) =>
    names.flatMap((name) => (kindIn(name) === kind ? [name.slice(kind.length + 1)] : []));
  const [externalId] = textsOf('externalId');
  return {
    type: 'customer',
    id,
    attributes: {
      ...(externalId !== undefined && { externalId }),
      emails: textsOf('email').map((email) => ({ type: 'home', verified: false, email })),
      phones: textsOf('phone').map((phone) => ({ type: 'home', verified: false, phone })),
      deleted: false,
      rev: 1,
    },
    links: { self: `/v1/customers/${id}` },
  };
}

function refuse(
  outgoing: ServerResponse,
  status: number,
  code: string,
  title: string,
  parameter?: string,
): void {
  send(outgoing, status, {
    errors: [{ status, ...(parameter !== undefined && { source: { parameter } }), code, title }],
  });
}

function send(outgoing: ServerResponse, status: number, body: object): void {
  const headers = { 'x-ratelimit-limit': '1000', 'x-ratelimit-remaining': '999' };
  outgoing
    .writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
    .end(JSON.stringify(body));
}

async function passOn(
  target: string,
  { method, url = '/', headers }: IncomingMessage,
  body: Buffer,
  outgoing: ServerResponse,
): Promise<void> {
  const onward = forward(new URL(target + url), { method, headers }).end(body);
  const [answer] = (await once(onward, 'response')) as [IncomingMessage];
  outgoing.writeHead(answer.statusCode ?? 502, answer.headers).end(await buffer(answer));
}
