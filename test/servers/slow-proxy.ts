import { once } from 'node:events';
import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands before a server and can hold back or refuse what is sent to it. */
export interface SlowProxy {
  endpoint: string;
  /** From now on each request waits so long, in milliseconds; `stalled` ones are never answered, `down` ones get a 503. */
  behave(how: { delay: number } | 'stalled' | 'down'): void;
  close(): Promise<void>;
}

/** Starts a proxy before the server at `target`, on a free port of this machine. */
export async function startSlowProxy(target: string): Promise<SlowProxy> {
  let behaviour: Parameters<SlowProxy['behave']>[0] = { delay: 0 };
  const server = createServer((incoming, outgoing) => {
    if (behaviour === 'stalled') return;
    if (behaviour === 'down') return void outgoing.writeHead(503).end();
    setTimeout(() => {
      const { method, url = '/', headers } = incoming;
      const onward = forward(new URL(url, target), { method, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      onward.once('error', () => outgoing.destroy());
      incoming.pipe(onward);
    }, behaviour.delay);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    behave: (how) => void (behaviour = how),
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
