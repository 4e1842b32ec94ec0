import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { root } from '../cli-process.ts';
import { hookMessage } from './letters.ts';
import { startLocalDeadLetters, until, type LocalDeadLetters } from './local-dead-letters.ts';

// Each command is a process of its own, and the app may have to be synthesized.
jest.setTimeout(90_000);

describe('npm run dead-letters', () => {
  let dataDir: string;
  beforeAll(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'dead-letters-'));
  });
  afterAll(() => rm(dataDir, { recursive: true, force: true }));

  describe('while the local system runs', () => {
    let local: LocalDeadLetters;
    beforeAll(async () => {
      local = await startLocalDeadLetters(dataDir);
    });
    afterEach(() => local.purge());
    afterAll(() => local.stop());

    it('stops in order at Ctrl-C: what is not moved is seen by all', async () => {
      for (let n = 0; n < 8; n++) await local.bury(hookMessage('pagerduty-incidents', `e${n}`));
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
        env: { ...process.env, NODE_OPTIONS: '', INTAKE_DATA_DIR: dataDir },
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
      expect((await local.listed('--source', 'pagerduty-incidents')).letters).toHaveLength(left);
    });

    it('says how far it was when the local system dies in the middle, and loses nothing', async () => {
      for (let n = 0; n < 8; n++) await local.bury(hookMessage('events', `d${n}`));
      const running = local.command('redrive', '--rate', '1', '--yes');
      // It is under way when one of the letters is gone.
      await until(async () => ((await local.lying()) < 8 ? true : undefined));
      await local.stop();
      const { status, stderr } = await running;
      expect(status).toBe(1);
      expect(stderr).toMatch(
        /^\d+ of \d+ were moved, the others are where they were: \S.*\. The same command goes on\.\n$/,
      );
      await local.start();
      const moved = Number(/^\d+/.exec(stderr)?.[0]);
      expect((await local.listed()).letters.length).toBeGreaterThanOrEqual(8 - moved);
    });
  });
});
