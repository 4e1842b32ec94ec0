import { DeleteItemCommand, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { lastTry } from '../../functions/bulk/batch-work.ts';
import { parseBulk } from '../../functions/bulk/bulk-item.ts';
import { BulkJobsTable } from '../../functions/bulk/bulk-jobs-table.ts';
import { takeOnJob } from '../../functions/bulk/take-on-job.ts';
import { writeMessage, type DraftMessage } from '../../functions/queue/draft-message.ts';
import { startLocalSystem, type LocalSystem } from '../../local/start-local-system.ts';
import { author, customer } from '../conversations/asked.ts';
import { putReadyAssembly } from '../local/ready-assembly.ts';
import { nodeProcess } from './cli-process.ts';

// Each command is a process of its own, and the app may have to be synthesized.
jest.setTimeout(90_000);

describe('what was given up and is redriven', () => {
  let dataDir: string;
  let system: LocalSystem;
  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'redriven-'));
    await putReadyAssembly(dataDir);
    system = await startLocalSystem({ dataDir, port: 0 });
  });
  afterAll(async () => {
    await system.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  const run = (script: string, ...args: string[]) =>
    nodeProcess([`cli/${script}.ts`, ...args], { env: { INTAKE_DATA_DIR: dataDir } });
  /** The attributes of what the API gives at a path, once they are as expected. */
  async function eventually<Attributes>(path: string, isThere: (attributes: Attributes) => boolean) {
    for (;;) {
      const response = await fetch(system.url + path, { headers: { authorization: `Bearer ${system.key}` } });
      const { data } = (await response.json()) as { data?: { attributes: Attributes } };
      if (data && isThere(data.attributes)) return data.attributes;
      await delay(50);
    }
  }

  it('is a delivery that clashed: with the other conversation gone, its own is made, and its record says so', async () => {
    const response = await fetch(`${system.url}/v1/customers/${customer}/conversations`, {
      method: 'POST',
      headers: { authorization: `Bearer ${system.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Mine', externalId: 'github-release-17372790' }),
    });
    const { data } = (await response.json()) as { data: { id: string } };
    await run('hooks', 'send', 'github-releases');
    const delivery = '/v1/hooks/github-releases/deliveries/0b989ba4-242f-11e5-81e1-c7b6966d2516';
    const isNow = (wanted: string) => (is: { verdict: string }) => is.verdict === wanted;
    const first = await letterOtherThan('');
    await eventually(delivery, isNow('failed'));

    // The cause is still there: it comes back.
    await run('dead-letters', 'redrive', first, '--yes');
    const second = await letterOtherThan(first);
    const Key = { pk: { S: `org#${system.org}#conversation#${data.id}` } };
    const TableName = system.runtime.output('ConversationsTable');
    await system.runtime.dynamodb.send(new DeleteItemCommand({ TableName, Key }));
    expect(await run('dead-letters', 'redrive', second, '--yes')).toMatchObject({ status: 0 });
    expect(await eventually(delivery, isNow('created'))).toMatchObject({ conversation: data.id });
    expect(await eventually(`/v1/conversations/${data.id}`, () => true)).toMatchObject({ name: '0.0.1' });
  });

  it('is a batch of a bulk job, which then completes', async () => {
    const { dynamodb, sqs, output } = system.runtime;
    const table = await tableNamed('BulkJobs');
    const jobs = new BulkJobsTable(dynamodb, table);
    const items = parseBulk([
      { customer, name: 'One' },
      { customer, name: 'Two' },
    ]);
    const queued: DraftMessage[] = [];
    const sendAll = async (messages: readonly DraftMessage[]) => void queued.push(...messages);
    const taken = await takeOnJob({ ...author, roles: ['org'], requestId: 'r', items }, jobs, { sendAll });
    if (taken.kind === 'reused') throw new Error('The job is not new');
    const { id, createdAt } = taken.job;
    const [message] = queued;
    if (!message || !('batch' in message)) throw new Error('A job has a batch');
    await jobs.forebode(author.org, id, createdAt, lastTry(message.batch));
    await sqs.send(
      new SendMessageCommand({ QueueUrl: output('DeadLettersUrl'), MessageBody: writeMessage(message) }),
    );
    await eventually(`/v1/bulk/${id}`, (job: { batchErrors: boolean }) => job.batchErrors);

    const redriven = await run('dead-letters', 'redrive', '--source', 'bulk', '--yes');
    expect(redriven.stdout).toContain('1 dead letter sent back to the drafts queue.');
    await eventually(
      `/v1/bulk/${id}`,
      (job: { completed: boolean; batchErrors: boolean }) => job.completed && !job.batchErrors,
    );
  });

  /** The id of the dead letter that there is, when it is another than before. */
  async function letterOtherThan(before: string): Promise<string> {
    for (;;) {
      const { stdout } = await run('dead-letters', 'list', '--json');
      const [letter] = (JSON.parse(stdout) as { letters: { id: string }[] }).letters;
      if (letter && letter.id !== before) return letter.id;
    }
  }

  /** A table of the local system that no output names. */
  async function tableNamed(name: string): Promise<string> {
    const { TableNames = [] } = await system.runtime.dynamodb.send(new ListTablesCommand({}));
    return TableNames.find((each) => each.includes(name))!;
  }
});
