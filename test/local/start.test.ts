import { afterEach, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { openDataDir } from '../../local/data-dir.ts';
import { projectRoot } from '../../local/project-root.ts';
import { sourceFingerprint } from '../../local/source-fingerprint.ts';
import { newFolder } from './written-assembly.ts';

const start = join(projectRoot, 'local', 'start.mjs');

let other: Server | undefined;

afterEach(() => {
  other?.close();
  other = undefined;
});

/** Runs the start as npm does. For starts that fail. */
async function fail(variables: Record<string, string>): Promise<{ stderr: string; code: number | null }> {
  const env = { PATH: process.env['PATH'], PORT: '0', INTAKE_DATA_DIR: newFolder(), ...variables };
  const child = spawn(process.execPath, [start], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { stderr: await text(child.stderr), code: await exited };
}

describe('a start that cannot be ends with code 1 and one line', () => {
  test('when the port is taken', async () => {
    other = createServer();
    await new Promise<void>((resolve) => other?.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    expect(await fail({ PORT: String(port) })).toEqual({
      stderr: `Port ${port} is already in use. Choose another with PORT=, for example PORT=3001 npm start.\n`,
      code: 1,
    });
  });

  test.each(['http', '-1', '65536', '3000.5'])('when PORT is %s', async (PORT) => {
    expect(await fail({ PORT })).toEqual({
      stderr: `PORT=${PORT} is not a port. Give a number from 0 (any free port) to 65535.\n`,
      code: 1,
    });
  });

  test.each(['/proc/no/such', join(start, 'below-a-file')])('when the data folder is %s', async (folder) => {
    const { stderr, code } = await fail({ INTAKE_DATA_DIR: folder });
    expect(stderr).toMatch(
      /^The data folder .* cannot be written \(.*\)\. Choose another with INTAKE_DATA_DIR=\.\n$/,
    );
    expect(code).toBe(1);
  });

  test('when another one runs on the same data folder, and says where that one serves', async () => {
    const folder = newFolder();
    const held = openDataDir(folder);
    writeFileSync(join(folder, 'ready.json'), '{"url":"http://127.0.0.1:4711"}');
    const { stderr, code } = await fail({ INTAKE_DATA_DIR: folder });
    expect(stderr).toMatch(
      /^Another local system already runs on .* and serves http:\/\/127\.0\.0\.1:4711\. .*\n$/,
    );
    expect(code).toBe(1);
    held.release();
  });
});

test('a data folder is free again once it is released', () => {
  const folder = newFolder();
  openDataDir(folder).release();
  openDataDir(folder).release();
});

test('another stage or destination is synthesized anew, the same one is not', () => {
  const dev = sourceFingerprint(projectRoot, { stage: 'dev' });
  expect(sourceFingerprint(projectRoot, { stage: 'dev' })).toBe(dev);
  expect(sourceFingerprint(projectRoot, { stage: 'prod' })).not.toBe(dev);
  const kustomerBaseUrl = 'https://acme.api.kustomerapp.com';
  expect(sourceFingerprint(projectRoot, { stage: 'dev', kustomerBaseUrl })).not.toBe(dev);
});
