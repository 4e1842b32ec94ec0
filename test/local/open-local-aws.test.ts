import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { openLocalAws, type LocalAws } from '../../local/open-local-aws.ts';
import { startLocalSystem, type LocalSystem } from '../../local/start-local-system.ts';
import { putReadyAssembly } from './ready-assembly.ts';
import { newFolder } from './written-assembly.ts';

// The app may have to be synthesized.
jest.setTimeout(60_000);

const place = { Bucket: 'of-the-test', Key: 'key' };

async function read(client: S3Client): Promise<string | undefined> {
  const { Body } = await client.send(new GetObjectCommand(place));
  return Body?.transformToString();
}

describe('what a command opens', () => {
  let system: LocalSystem | undefined;
  let aws: LocalAws | undefined;
  let child: ChildProcess | undefined;

  afterEach(async () => {
    child?.kill('SIGKILL');
    await aws?.close();
    await system?.close();
    aws = undefined;
    system = undefined;
  });

  test('has the objects of the system, while it runs and when it does not', async () => {
    const dataDir = newFolder();
    await putReadyAssembly(dataDir);
    system = await startLocalSystem({ dataDir, port: 0 });
    await system.runtime.s3.send(new CreateBucketCommand({ Bucket: place.Bucket }));
    await system.runtime.s3.send(new PutObjectCommand({ ...place, Body: 'body' }));

    aws = await openLocalAws(dataDir);
    expect(await read(aws.s3)).toBe('body');
    await aws.close();
    aws = undefined;
    await system.close();
    system = undefined;

    aws = await openLocalAws(dataDir);
    expect(await read(aws.s3)).toBe('body');
  });

  test('is closed again when the app cannot be synthesized, so that the command ends', async () => {
    const program = `
import { openLocalAws } from ${JSON.stringify(new URL('../../local/open-local-aws.ts', import.meta.url).href)};
await openLocalAws(${JSON.stringify(newFolder())}).catch((error) => console.log(error.message));`;
    child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      env: { PATH: process.env['PATH'], INTAKE_STAGE: 'of-nobody' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    expect(await text(child.stdout!)).toContain('There is no stage of-nobody');
    expect(await exited).toEqual([0, null]);
  });
});
