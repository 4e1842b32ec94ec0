import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalSystem, type LocalSystem } from '../local/start-local-system.ts';

/** A customer to make conversations for. */
export const customer = '58210c3db0f09110006b7953';

/** Runs `work` against a local system of its own, on a folder that is removed afterwards. */
export async function withLocalSystem(work: (system: LocalSystem) => Promise<void>): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'bench-'));
  const system = await startLocalSystem({ dataDir, port: 0 });
  try {
    await work(system);
  } finally {
    await system.close();
    rmSync(dataDir, { recursive: true });
  }
}

/** Where a system serves, and a key for it. */
export type Served = Pick<LocalSystem, 'url' | 'key'>;

/** Sends a request with the system's key. Resolves to the JSON answer; throws when the status is not `expected`. */
export async function call<Answer>(
  { url, key }: Served,
  path: string,
  expected: number,
  body?: unknown,
): Promise<Answer> {
  const response = await fetch(url + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (response.status !== expected)
    throw new Error(`${path} answered ${response.status}: ${text.slice(0, 300)}`);
  return JSON.parse(text) as Answer;
}

interface BulkAnswer {
  data: { id: string; attributes: { completed: boolean; batchErrors?: boolean } };
}

/** Creates conversations by one bulk request and waits until the job is complete. Resolves to milliseconds from the first byte to the last item. */
export async function bulkCreate(system: LocalSystem, items: readonly object[]): Promise<number> {
  const began = performance.now();
  const { data } = await call<BulkAnswer>(system, '/v1/conversations/bulk', 201, items);
  for (;;) {
    const { attributes } = (await call<BulkAnswer>(system, `/v1/bulk/${data.id}`, 200)).data;
    if (attributes.batchErrors) throw new Error('some items failed');
    if (attributes.completed) return performance.now() - began;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
