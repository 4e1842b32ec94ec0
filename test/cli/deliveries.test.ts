import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DeliveryResource } from '../../cli/deliveries/hooks-api.ts';
import { startLocalSystem, type LocalSystem } from '../../local/start-local-system.ts';
import { putReadyAssembly } from '../local/ready-assembly.ts';
import { nodeProcess } from './cli-process.ts';
import { mistypedRules } from './mistyped-rules.ts';

// Each command is a process of its own, and the app may have to be synthesized.
jest.setTimeout(90_000);

describe('npm run deliveries', () => {
  let dataDir: string;
  beforeAll(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'deliveries-'));
  });
  afterAll(() => rm(dataDir, { recursive: true, force: true }));

  const run = (script: string, ...args: string[]) =>
    nodeProcess([`cli/${script}.ts`, ...args], { env: { INTAKE_DATA_DIR: dataDir } });
  const command = (...args: string[]) => run('deliveries', ...args);
  /** The JSON that a command printed, and how it ended. */
  async function json<Printed>(...args: string[]): Promise<{ status: number | null; printed: Printed }> {
    const { status, stdout } = await command(...args, '--json');
    return { status, printed: JSON.parse(stdout) as Printed };
  }

  mistypedRules({
    command: 'deliveries',
    dataDir: () => dataDir,
    mistyped: [
      [['send'], 'There is no command send: there are list, show, replay'],
      [['list', 'all'], 'list takes no all'],
      [['list', '--again'], 'list takes no --again'],
      [['list', '--source', 'gitlab'], 'There is no source gitlab: there are events, '],
      [['list', '--verdict', 'lost'], 'There is no verdict lost: there are created, '],
      [['list', '--since', '2w'], '--since takes how long ago'],
      [['list', '--until', 'now'], '--until takes how long ago'],
      [['list', '--limit', '0'], '--limit takes a number from 1'],
      [['show'], 'show needs one id'],
      [['replay', 'e1'], 'replay takes no e1: one delivery is --id <id>'],
      [['replay', '--id', 'e1', '--since', '2h'], '--id says which delivery it is: it takes no --since'],
      [['replay', '--again'], '--again makes further conversations: say of which'],
      [['list', '--key', 'k'], '--key goes with --stage'],
    ],
    help: { args: ['replay', '--help'], shown: ['npm run deliveries -- replay'] },
    asksLocalSystem: ['list'],
  });

  describe('while the local system runs', () => {
    let system: LocalSystem;
    beforeAll(async () => {
      await putReadyAssembly(dataDir);
      system = await startLocalSystem({ dataDir, port: 0 });
    });
    afterAll(() => system.close());

    const issue = '2f1a8c52-cc78-11e3-81ab-4c9367dc0958';
    const asked = async (path: string, init: RequestInit = {}) => {
      const headers = { authorization: `Bearer ${system.key}`, 'content-type': 'application/json' };
      return await fetch(system.url + path, { ...init, headers });
    };
    async function removeConversation(id: string): Promise<void> {
      const Key = { pk: { S: `org#${system.org}#conversation#${id}` } };
      const TableName = system.runtime.output('ConversationsTable');
      await system.runtime.dynamodb.send(new DeleteItemCommand({ TableName, Key }));
    }

    it('says that there are none, and replays none', async () => {
      expect((await command('list')).stdout).toBe('There are no such deliveries.\n');
      const replayed = await command('replay', '--yes');
      expect(replayed).toEqual({ status: 0, stdout: 'There are no such deliveries.\n', stderr: '' });
    });

    it('lists those of all sources, newest first, and shows one with its body', async () => {
      const header = ['--header', `x-github-delivery: ${issue}`];
      await run('hooks', 'send', 'github-issues', ...header);
      await run(
        'hooks',
        'send',
        'github-issues',
        '--header',
        'x-github-event: star',
        '--header',
        'x-github-delivery: star',
      );
      await run('hooks', 'send', 'pagerduty-incidents');
      const { stdout } = await command('list');
      expect(stdout).toMatch(/^3 deliveries: 2 created, 1 ignored\n\n/);
      const rows = stdout
        .split('\n')
        .slice(2)
        .map((line) => line.split(/ {2,}/));
      expect(rows.map(([, verdict, source]) => [verdict, source]).slice(0, 3)).toEqual([
        ['created', 'pagerduty-incidents'],
        ['ignored', 'github-issues'],
        ['created', 'github-issues'],
      ]);
      const ignored = await json<DeliveryResource[]>('list', '--verdict', 'ignored', '--since', '1h');
      expect(ignored.printed.map(({ id }) => id)).toEqual(['star']);
      expect((await json<unknown[]>('list', '--until', '1h')).printed).toEqual([]);
      expect((await command('list', '--limit', '1')).stdout).toContain(
        'These are the newest: --limit shows more.',
      );

      const shown = await command('show', issue);
      expect(shown.stdout).toContain(
        `Delivery ${issue}\n  source        github-issues\n  verdict       created\n`,
      );
      expect(shown.stdout).toContain('x-github-event: issues\n');
      expect(shown.stdout).toContain('  "action": "opened",\n');
    });

    it.each([
      [['show', 'never']],
      [['show', 'star', '--source', 'events']],
      [['replay', '--id', 'never', '--yes']],
    ])('%j: a delivery that never was is said not to be there', async (args) => {
      const { status, stdout, stderr } = await command(...args);
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
      expect(stderr).toMatch(/^There is no delivery (never|star of events), or it is no longer kept/);
    });

    it('changes nothing when one that has its conversation is replayed, and makes a further one with --again', async () => {
      const of = async () =>
        ((await (await asked(`/v1/hooks/github-issues/deliveries/${issue}`)).json()) as { data: unknown })
          .data;
      const before = await of();
      const once = await command('replay', '--id', issue, '--yes');
      expect(once).toMatchObject({ status: 0, stdout: expect.stringContaining('1 replayed: 1 repeated.') });
      const again = await json<{ results: { verdict: string; conversation: string }[] }>(
        'replay',
        '--id',
        issue,
        '--again',
        '--yes',
      );
      expect(again).toMatchObject({
        status: 0,
        printed: { replayed: 1, failed: 0, results: [{ verdict: 'created' }] },
      });
      const [further] = again.printed.results;
      expect((await asked(`/v1/conversations/${further?.conversation}`)).status).toBe(200);
      expect(await of()).toEqual(before);
    });

    it('replays nothing without a yes, nor with --dry-run', async () => {
      const { stdout } = await command('list', '--verdict', 'created', '--json');
      for (const args of [
        ['--id', issue],
        ['--verdict', 'created'],
        ['--verdict', 'created', '--again'],
      ]) {
        const refused = await command('replay', ...args);
        expect(refused.status).toBe(1);
        expect(refused.stderr).toMatch(/^Nothing was done: there is no terminal to ask on/);
        const tried = await command('replay', ...args, '--dry-run');
        expect(tried).toMatchObject({
          status: 0,
          stderr: '',
          stdout: expect.stringContaining('Nothing was done: --dry-run.'),
        });
      }
      expect((await command('list', '--verdict', 'created', '--json')).stdout).toBe(stdout);
    });

    it('makes again what was lost of all sources, with the same ids', async () => {
      const made = (await json<DeliveryResource[]>('list', '--verdict', 'created')).printed;
      const ids = made.map(({ attributes }) => attributes.conversation!);
      for (const id of ids) await removeConversation(id);
      const args = ['--verdict', 'created', '--verdict', 'queued', '--verdict', 'failed', '--since', '1h'];
      const { stdout } = await command('replay', ...args, '--dry-run');
      expect(stdout).toContain('To replay: 2 deliveries\n');
      expect(stdout).toContain('  1  github-issues  created: would be 1 queued\n');
      const done = await json<object>('replay', ...args, '--yes');
      expect(done).toMatchObject({
        status: 0,
        printed: { dryRun: false, queued: expect.any(Number), failed: 0 },
      });
      for (const id of ids) while ((await asked(`/v1/conversations/${id}`)).status !== 200);
    });

    it('goes on when one of many fails, tells why, and fails itself', async () => {
      // Somebody else asks for the externalId before the event comes.
      const body = JSON.stringify({ name: 'Mine', externalId: 'github-release-17372790' });
      await asked('/v1/customers/58210c3db0f09110006b7953/conversations', { method: 'POST', body });
      await run('hooks', 'send', 'github-releases');
      const release = '0b989ba4-242f-11e5-81e1-c7b6966d2516';
      const { status, stdout } = await command('replay', '--id', release, '--id', issue, '--yes');
      expect(status).toBe(1);
      expect(stdout).toMatch(/^failed {2}github-releases .* 409 Conversation [0-9a-f]{24} exists already/m);
      expect(stdout).toContain(`repeated  github-issues  ${issue}`);
      expect(stdout).toContain('2 replayed: 1 failed, 1 repeated.');
    });
  });
});
