import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { text } from 'node:stream/consumers';
import { startLocalSystem, type LocalSystem } from '../../local/start-local-system.ts';
import { putReadyAssembly } from '../local/ready-assembly.ts';
import { root } from './cli-process.ts';

// Each command is a process of its own, and the app may have to be synthesized.
jest.setTimeout(120_000);

const page = readFileSync(join(root, 'docs/recovering.md'), 'utf8');
const blocks = [...page.matchAll(/^```sh local\n(.*?)^```$/gms)].map(([, block = '']) => block);

describe('docs/recovering.md', () => {
  let dataDir: string;
  let system: LocalSystem;
  const printed: string[] = [];
  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'recovering-'));
    await putReadyAssembly(dataDir);
    system = await startLocalSystem({ dataDir, port: 0 });
  });
  afterAll(async () => {
    await system.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('has commands that work on the local system, in their order, and as a person would type them', async () => {
    for (const block of blocks) {
      await allSettled();
      printed.push(await shell(block));
    }
    expect(printed.length).toBeGreaterThan(8);
  });

  it('shows what they print', () => {
    const all = printed.join('\n');
    const lines = [
      '  1  github-releases  the externalId is held by conversation …',
      '1 dead letter sent back to the drafts queue.',
      '1 dead letter dropped, and written to dropped.jsonl.',
      '1 dead letter of dropped.jsonl sent to the drafts queue.',
      '1 delivery: 1 failed',
      '  1  github-releases  failed: would be 1 queued',
      '1 replayed: 1 queued.',
      '1 replayed: 1 created.',
    ];
    for (const line of lines) expect(all.split('\n')).toContain(line);
    expect(all).toMatch(/^github-issues +2 live/m);
    // Both secrets of a rotation are accepted: the second delivery is the first one again.
    expect(all).toMatch(/^201 .*"source":"github-issues","verdict":"created"/m);
    expect(all).toMatch(/^200 .*"source":"github-issues","verdict":"repeated"/m);
  });

  it.each(['dead-letters', 'replay', 'restore', 'rollback', 'rotate-a-secret'])(
    'has a section that is linked to as #%s',
    (anchor) => {
      const headings = [...page.matchAll(/^## (.+)$/gm)].map(([, heading = '']) => heading);
      expect(headings.map((heading) => heading.toLowerCase().replaceAll(' ', '-'))).toContain(anchor);
    },
  );

  /** What a block prints; it has to succeed. What it reads and writes is in the folder of the test. */
  async function shell(block: string): Promise<string> {
    const script = block
      .replaceAll('./.local/', `${dataDir}/`)
      .replaceAll('dropped.jsonl', join(dataDir, 'dropped.jsonl'));
    const child = spawn('bash', ['-euo', 'pipefail', '-c', script], {
      cwd: root,
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        INTAKE_DATA_DIR: dataDir,
        PATH: `${dirname(process.execPath)}:${process.env['PATH']}`,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = new Promise((resolve) => child.once('close', resolve));
    const [stdout, stderr, status] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    expect({ script, status, stderr: status === 0 ? '' : stderr + stdout }).toEqual({
      script,
      status: 0,
      stderr: '',
    });
    return stdout.replaceAll(`${dataDir}/`, '');
  }

  /** Waits until nothing is on the drafts queue: the second that a person takes to type the next command. */
  async function allSettled(): Promise<void> {
    const { sqs, output } = system.runtime;
    for (;;) {
      const { Attributes = {} } = await sqs.send(
        new GetQueueAttributesCommand({
          QueueUrl: output('DraftsQueueUrl'),
          AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
        }),
      );
      if (Object.values(Attributes).every((count) => count === '0')) return;
      await delay(50);
    }
  }
});
