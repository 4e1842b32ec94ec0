import { GetQueueAttributesCommand, PurgeQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { DynamoStore } from '../../functions/conversations/dynamo-store.ts';
import { writeMessage, type AskMessage } from '../../functions/queue/draft-message.ts';
import { startLocalSystem, type LocalSystem } from '../../local/start-local-system.ts';
import { author, objectId } from '../conversations/asked.ts';
import { putReadyAssembly } from '../local/ready-assembly.ts';
import { nodeProcess, root } from './cli-process.ts';
import { batchMessage, hookMessage } from './dead-letters/letters.ts';

// Each command is a process of its own, and the app may have to be synthesized.
jest.setTimeout(90_000);

/** What `list --json` prints. */
interface Listed {
  counts: { count: number; source: string; reason: string }[];
  letters: { id: string; event?: string }[];
}

describe('npm run dead-letters', () => {
  let dataDir: string;
  beforeAll(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'dead-letters-'));
  });
  afterAll(() => rm(dataDir, { recursive: true, force: true }));

  const env = () => ({ INTAKE_DATA_DIR: dataDir });
  const command = (...args: string[]) => nodeProcess(['cli/dead-letters.ts', ...args], { env: env() });

  describe('with a mistyped command', () => {
    it.each([
      [['empty'], 'There is no command empty: there are list, show, redrive, drop'],
      [['__proto__'], 'There is no command __proto__'],
      [['list', 'all'], 'list takes no all'],
      [['list', '--yes'], 'list takes no --yes'],
      [['list', '--source', 'gitlab'], 'There is no source gitlab: there are events, '],
      [['list', '--since', 'yesterday'], '--since takes how long ago (45s, 90m, 2h, 7d)'],
      [['show'], 'show needs one id'],
      [['show', 'a', 'b'], 'show needs one id'],
      [['redrive', '--rate', '0'], '--rate takes a number from 1 to 1000, not 0'],
      [['redrive', '--rate', '5.5'], '--rate takes a number from 1'],
      [['redrive', '--backlog', '-1'], "'--backlog'"],
      [['redrive', 'a', '--file', 'b'], 'redrive --file sends all of a file'],
      [['drop', '--rate', '5'], 'drop takes no --rate'],
    ])('%j says what is wrong, points to the help, and opens nothing', async (args, reason) => {
      const { status, stdout, stderr } = await command(...args);
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
      const [told, hint, ...rest] = stderr.trimEnd().split('\n');
      expect(told).toContain(reason);
      expect(hint).toBe('npm run dead-letters -- --help shows how it is used.');
      expect(rest).toEqual([]);
      expect(readdirSync(dataDir)).toEqual([]);
    });

    it.each([[[]], [['redrive', '--help']]])('%j shows the help', async (args) => {
      const { status, stdout, stderr } = await command(...args);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout).toContain('npm run dead-letters -- redrive');
    });

    it('says that the local system does not run', async () => {
      const { status, stderr } = await command('list');
      expect({ status, told: stderr.split('\n')[0] }).toEqual({
        status: 1,
        told: 'The local system does not run: npm start',
      });
    });
  });

  describe('while the local system runs', () => {
    let system: LocalSystem;
    beforeAll(async () => {
      await putReadyAssembly(dataDir);
      system = await startLocalSystem({ dataDir, port: 0 });
    });
    afterAll(() => system.close());

    async function bury(message: AskMessage | string, reason?: string): Promise<string> {
      const { MessageId } = await system.runtime.sqs.send(
        new SendMessageCommand({
          QueueUrl: system.runtime.output('DeadLettersUrl'),
          MessageBody: typeof message === 'string' ? message : writeMessage(message),
          ...(reason !== undefined && {
            MessageAttributes: { reason: { DataType: 'String', StringValue: reason } },
          }),
        }),
      );
      return MessageId!;
    }
    const listed = async (...args: string[]) => {
      const { status, stdout, stderr } = await command('list', '--json', ...args);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      return JSON.parse(stdout) as Listed;
    };
    const conversation = (id: string) =>
      new DynamoStore(system.runtime.dynamodb, system.runtime.output('ConversationsTable')!).find(
        author.org,
        id,
      );
    /** How many letters there are, seen by all or not. */
    const lying = async () => {
      const { Attributes = {} } = await system.runtime.sqs.send(
        new GetQueueAttributesCommand({
          QueueUrl: system.runtime.output('DeadLettersUrl'),
          AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
        }),
      );
      return Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0);
    };
    afterEach(async () => {
      const QueueUrl = system.runtime.output('DeadLettersUrl');
      await system.runtime.sqs.send(new PurgeQueueCommand({ QueueUrl }));
    });

    it('says of an empty queue that there are none, and moves nothing', async () => {
      for (const args of [['list'], ['redrive', '--yes'], ['drop', '--yes']])
        expect(await command(...args)).toEqual({
          status: 0,
          stdout: 'There are no such dead letters.\n',
          stderr: '',
        });
      expect(readdirSync(root).filter((name) => name.startsWith('dropped-'))).toEqual([]);
    });

    it('lists by reason and source, and each in a line; shows one as a person reads it', async () => {
      const message = hookMessage('events', 'msg_1', { name: 'Lost' });
      const held = `the externalId is held by conversation ${objectId(1)}`;
      const ids = [
        await bury(message, held),
        await bury(batchMessage(objectId(0xb1))),
        await bury('not ours, \u009b31mnot JSON', 'not a draft message'),
        await bury('{"version":2,"wonder":1}'),
      ];
      const { stdout } = await command('list');
      expect(stdout).toMatch(/^4 dead letters\n\n/);
      expect(stdout).toContain('  1  events    the externalId is held by conversation …\n');
      expect(stdout).toContain('  1  bulk      given up after 5 receives\n');
      expect(stdout).toMatch(
        new RegExp(`^${ids[1]}  20\\S+Z +0 ×  bulk ${objectId(0xb1)} batch 3 \\(2 items\\) +given up`, 'm'),
      );

      const shown = await Promise.all(ids.map(async (id) => (await command('show', id)).stdout));
      expect(shown[0]).toContain(`  reason        ${held}\n`);
      expect(shown[0]).toContain('  "name": "Lost"');
      expect(shown[0]).toContain("npm run deliveries -- show 'msg_1' --source events");
      expect(shown[1]).toContain(`  job           ${objectId(0xb1)}\n`);
      expect(shown[1]).toContain('"name": "Item 1"');
      // Nothing of it steers the terminal.
      expect(shown[2]).toMatch(/\n\nnot ours, \ufffd31mnot JSON\n$/);
      expect(shown[3]).toContain('"wonder": 1');
      expect(JSON.parse((await command('show', ids[3]!, '--json')).stdout)).toMatchObject({
        kind: 'other',
        content: { version: 2, wonder: 1 },
      });

      const never = await command('show', 'never');
      expect(never.status).toBe(1);
      expect(never.stderr).toContain('There is no dead letter never, or it is hidden for a minute');
      expect((await listed()).letters.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
      expect((await listed('--source', 'bulk')).letters.map(({ id }) => id)).toEqual([ids[1]]);
    });

    it('moves nothing without a yes, where there is no terminal to ask on', async () => {
      const id = await bury(hookMessage('events', 'msg_2'));
      for (const what of ['redrive', 'drop']) {
        const { status, stdout, stderr } = await command(what);
        expect(status).toBe(1);
        expect(stdout).toContain('1 dead letter\n\n  1  events  given up after 5 receives\n');
        expect(stderr).toMatch(/^Nothing was done: there is no terminal to ask on/);
      }
      expect((await listed()).letters.map((letter) => letter.id)).toEqual([id]);
    });

    it('redrives what is meant, so that its conversation is made; text that is no message stays', async () => {
      const id = await bury(hookMessage('events', 'msg_3', { id: objectId(0xd3) }));
      const other = await bury(hookMessage('github-issues', 'other', { id: objectId(0xd4) }));
      const alien = await bury('not JSON', 'not a draft message');
      const { status, stdout } = await command('redrive', id, 'never', alien, '--yes');
      // One of them was never there.
      expect(status).toBe(1);
      expect(stdout).toContain('Not a message of ours, and no JSON, so that it stays: 1 dead letter.\n');
      expect(stdout).toContain('Not among the dead letters: never.\n');
      expect(stdout).toContain('1 dead letter sent back to the drafts queue.\n');
      expect((await listed()).letters.map((letter) => letter.id).toSorted()).toEqual(
        [other, alien].toSorted(),
      );

      const json = await command('redrive', '--source', 'github-issues', '--since', '1h', '--yes', '--json');
      expect(JSON.parse(json.stdout)).toEqual({ wanted: 1, moved: 1, twice: 0 });
      for (const made of [objectId(0xd3), objectId(0xd4)]) await until(() => conversation(made));
    });

    it('drops into a file, from which it can be sent back', async () => {
      await bury(hookMessage('events', 'msg_5', { id: objectId(0xd5) }));
      const file = join(dataDir, 'dropped.jsonl');
      expect(await command('drop', '--file', file, '--yes')).toMatchObject({ status: 0, stderr: '' });
      expect(await conversation(objectId(0xd5))).toBeUndefined();
      expect((await listed()).letters).toEqual([]);
      const again = await bury(hookMessage('events', 'msg_6'));
      const refused = await command('drop', '--file', file, '--yes');
      expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('cannot be made: EEXIST') });
      expect((await listed()).letters.map(({ id }) => id)).toEqual([again]);

      const sent = await command('redrive', '--file', file, '--yes', '--json');
      expect(JSON.parse(sent.stdout)).toEqual({ wanted: 1, moved: 1, twice: 0 });
      await until(() => conversation(objectId(0xd5)));
      expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(1);
      const none = await command('redrive', '--file', join(dataDir, 'none'), '--yes');
      expect(none).toMatchObject({ status: 1, stderr: expect.stringContaining('cannot be read: ENOENT') });
    });

    it('stops in order at Ctrl-C: what is not moved is seen by all', async () => {
      for (let n = 0; n < 8; n++) await bury(hookMessage('pagerduty-incidents', `e${n}`));
      const args = [
        'cli/dead-letters.ts',
        'redrive',
        '--rate',
        '1',
        '--yes',
        '--source',
        'pagerduty-incidents',
      ];
      const child = spawn(process.execPath, args, {
        cwd: root,
        env: { ...process.env, NODE_OPTIONS: '', ...env() },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const ended = once(child, 'close');
      // What is to be moved was shown: moving begins.
      child.stdout.once('data', () => child.kill('SIGINT'));
      const stdout = await text(child.stdout);
      expect(await ended).toEqual([130, null]);
      const [, moved] = /^(\d+) dead letters? sent back/m.exec(stdout) ?? [];
      const left = 8 - Number(moved);
      expect(left).toBeGreaterThan(0);
      expect(stdout).toContain(`Stopped: the other ${left} are where they were.`);
      expect((await listed('--source', 'pagerduty-incidents')).letters).toHaveLength(left);
    });

    it('says how far it was when the local system dies in the middle, and loses nothing', async () => {
      for (let n = 0; n < 8; n++) await bury(hookMessage('events', `d${n}`));
      const running = command('redrive', '--rate', '1', '--yes');
      // It is under way when one of the letters is gone.
      await until(async () => ((await lying()) < 8 ? true : undefined));
      await system.close();
      const { status, stderr } = await running;
      expect(status).toBe(1);
      expect(stderr).toMatch(
        /^\d+ of \d+ were moved, the others are where they were: \S.*\. The same command goes on\.\n$/,
      );
      system = await startLocalSystem({ dataDir, port: 0 });
      const moved = Number(/^\d+/.exec(stderr)?.[0]);
      expect((await listed()).letters.length).toBeGreaterThanOrEqual(8 - moved);
    });
  });
});

/** Asks until there is something; a test that waits in vain runs out of time. */
async function until<Value>(ask: () => Promise<Value | undefined>): Promise<Value> {
  for (;;) {
    const found = await ask();
    if (found !== undefined) return found;
    await delay(50);
  }
}
