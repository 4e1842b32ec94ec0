import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoStore } from '../../functions/conversations/dynamo-store.ts';
import { author, objectId } from '../conversations/asked.ts';
import { root } from './cli-process.ts';
import { batchMessage, hookMessage } from './dead-letters/letters.ts';
import { startLocalDeadLetters, until, type LocalDeadLetters } from './dead-letters/local-dead-letters.ts';
import { mistypedRules } from './mistyped-rules.ts';

// Each command is a process of its own, and the app may have to be synthesized.
jest.setTimeout(90_000);

describe('npm run dead-letters', () => {
  let dataDir: string;
  beforeAll(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'dead-letters-'));
  });
  afterAll(() => rm(dataDir, { recursive: true, force: true }));

  mistypedRules({
    command: 'dead-letters',
    dataDir: () => dataDir,
    mistyped: [
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
    ],
    help: { args: ['redrive', '--help'], shown: ['npm run dead-letters -- redrive'] },
    asksLocalSystem: ['list'],
  });

  describe('while the local system runs', () => {
    let local: LocalDeadLetters;
    beforeAll(async () => {
      local = await startLocalDeadLetters(dataDir);
    });
    afterEach(() => local.purge());
    afterAll(() => local.stop());

    const conversation = (id: string) => {
      const { dynamodb, output } = local.runtime;
      return new DynamoStore(dynamodb, output('ConversationsTable')!).find(author.org, id);
    };

    it('says of an empty queue that there are none, and moves nothing', async () => {
      for (const args of [['list'], ['redrive', '--yes'], ['drop', '--yes']])
        expect(await local.command(...args)).toEqual({
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
        await local.bury(message, held),
        await local.bury(batchMessage(objectId(0xb1))),
        await local.bury('not ours, \u009b31mnot JSON', 'not a draft message'),
        await local.bury('{"version":2,"wonder":1}'),
      ];
      const { stdout } = await local.command('list');
      expect(stdout).toMatch(/^4 dead letters\n\n/);
      expect(stdout).toContain('  1  events    the externalId is held by conversation …\n');
      expect(stdout).toContain('  1  bulk      given up after 5 receives\n');
      expect(stdout).toMatch(
        new RegExp(`^${ids[1]}  20\\S+Z +0 ×  bulk ${objectId(0xb1)} batch 3 \\(2 items\\) +given up`, 'm'),
      );

      const shown = await Promise.all(ids.map(async (id) => (await local.command('show', id)).stdout));
      expect(shown[0]).toContain(`  reason        ${held}\n`);
      expect(shown[0]).toContain('  "name": "Lost"');
      expect(shown[0]).toContain("npm run deliveries -- show 'msg_1' --source events");
      expect(shown[1]).toContain(`  job           ${objectId(0xb1)}\n`);
      expect(shown[1]).toContain('"name": "Item 1"');
      // Nothing of it steers the terminal.
      expect(shown[2]).toMatch(/\n\nnot ours, \ufffd31mnot JSON\n$/);
      expect(shown[3]).toContain('"wonder": 1');
      expect(JSON.parse((await local.command('show', ids[3]!, '--json')).stdout)).toMatchObject({
        kind: 'other',
        content: { version: 2, wonder: 1 },
      });

      const never = await local.command('show', 'never');
      expect(never.status).toBe(1);
      expect(never.stderr).toContain('There is no dead letter never, or it is hidden for a minute');
      expect((await local.listed()).letters.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
      expect((await local.listed('--source', 'bulk')).letters.map(({ id }) => id)).toEqual([ids[1]]);
    });

    it('moves nothing without a yes, where there is no terminal to ask on', async () => {
      const id = await local.bury(hookMessage('events', 'msg_2'));
      for (const what of ['redrive', 'drop']) {
        const { status, stdout, stderr } = await local.command(what);
        expect(status).toBe(1);
        expect(stdout).toContain('1 dead letter\n\n  1  events  given up after 5 receives\n');
        expect(stderr).toMatch(/^Nothing was done: there is no terminal to ask on/);
      }
      expect((await local.listed()).letters.map((letter) => letter.id)).toEqual([id]);
    });

    it('redrives what is meant, so that its conversation is made; text that is no message stays', async () => {
      const id = await local.bury(hookMessage('events', 'msg_3', { id: objectId(0xd3) }));
      const other = await local.bury(hookMessage('github-issues', 'other', { id: objectId(0xd4) }));
      const alien = await local.bury('not JSON', 'not a draft message');
      const { status, stdout } = await local.command('redrive', id, 'never', alien, '--yes');
      // One of them was never there.
      expect(status).toBe(1);
      expect(stdout).toContain('Not a message of ours, and no JSON, so that it stays: 1 dead letter.\n');
      expect(stdout).toContain('Not among the dead letters: never.\n');
      expect(stdout).toContain('1 dead letter sent back to the drafts queue.\n');
      expect((await local.listed()).letters.map((letter) => letter.id).toSorted()).toEqual(
        [other, alien].toSorted(),
      );

      const json = await local.command(
        'redrive',
        '--source',
        'github-issues',
        '--since',
        '1h',
        '--yes',
        '--json',
      );
      expect(JSON.parse(json.stdout)).toEqual({ wanted: 1, moved: 1, twice: 0 });
      for (const made of [objectId(0xd3), objectId(0xd4)]) await until(() => conversation(made));
    });

    it('drops into a file, from which it can be sent back', async () => {
      await local.bury(hookMessage('events', 'msg_5', { id: objectId(0xd5) }));
      const file = join(dataDir, 'dropped.jsonl');
      expect(await local.command('drop', '--file', file, '--yes')).toMatchObject({ status: 0, stderr: '' });
      expect(await conversation(objectId(0xd5))).toBeUndefined();
      expect((await local.listed()).letters).toEqual([]);
      const again = await local.bury(hookMessage('events', 'msg_6'));
      const refused = await local.command('drop', '--file', file, '--yes');
      expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('cannot be made: EEXIST') });
      expect((await local.listed()).letters.map(({ id }) => id)).toEqual([again]);

      const sent = await local.command('redrive', '--file', file, '--yes', '--json');
      expect(JSON.parse(sent.stdout)).toEqual({ wanted: 1, moved: 1, twice: 0 });
      await until(() => conversation(objectId(0xd5)));
      expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(1);
      const none = await local.command('redrive', '--file', join(dataDir, 'none'), '--yes');
      expect(none).toMatchObject({ status: 1, stderr: expect.stringContaining('cannot be read: ENOENT') });
    });
  });
});
