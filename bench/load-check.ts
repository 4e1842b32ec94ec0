import { paginateScan } from '@aws-sdk/client-dynamodb';
import { drained, messagesIn, openServersIn } from '../test/servers/servers-in.ts';
import { call, type Served } from './local-system.ts';

/** What the clients of a load were promised. */
export interface Promised {
  /** Ids of conversations. */
  conversations: Set<string>;
  /** Ids of bulk jobs, and how many items each has. */
  jobs: Map<string, number>;
}

interface BatchesAnswer {
  data: { attributes: { status: string; successCount: number; objectIds: string[] } }[];
}

/** Waits until the queue is empty; what is then missing, or there though nobody was promised it. Empty when all is well. */
export async function lostOf(promised: Promised, system: Served & { dataDir: string }): Promise<string[]> {
  const servers = await openServersIn(system.dataDir);
  try {
    const faults: string[] = [];
    // What it still has is missing then: that is told too.
    await drained(servers).catch((error: Error) => faults.push(error.message));
    const expected = new Set(promised.conversations);
    for (const [job, items] of promised.jobs) {
      const { data } = await call<BatchesAnswer>(system, `/v1/bulk/${job}/batches`, 200);
      const ids = data.flatMap(({ attributes }) => attributes.objectIds);
      if (ids.length !== items) faults.push(`job ${job} made ${ids.length} of ${items} conversations`);
      for (const id of ids) {
        if (expected.has(id)) faults.push(`job ${job} made conversation ${id}, which another was promised`);
        expected.add(id);
      }
    }
    const tables = { client: servers.dynamodb };
    for await (const { Items = [] } of paginateScan(tables, { TableName: servers.conversationsTable })) {
      for (const { pk, body } of Items) {
        const id = pk!.S!.slice(pk!.S!.lastIndexOf('#') + 1);
        if (body && !expected.delete(id)) faults.push(`conversation ${id} was promised to nobody`);
      }
    }
    for (const id of expected) faults.push(`conversation ${id} is missing`);
    const letters = await messagesIn(servers, servers.deadLetters);
    return letters === 0 ? faults : [...faults, `${letters} messages are in the dead letters`];
  } finally {
    servers.close();
  }
}
