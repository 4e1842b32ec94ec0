import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { DeleteObjectCommand, ListBucketsCommand, NoSuchKey } from '@aws-sdk/client-s3';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { runTemplate, type RunningTemplate } from './running-template.ts';
import { bytes, get, MB, put, s3At } from './s3-objects.ts';
import {
  httpApi,
  lambdaFunction,
  newFolder,
  writeAssembly,
  type WrittenTemplate,
} from './written-assembly.ts';

// Some tests start a template twice, while other tests have the processors.
jest.setTimeout(20_000);

const template: WrittenTemplate = {
  resources: {
    ...httpApi({ 'PUT /bodies': 'Writer' }),
    Writer: lambdaFunction('writer', { Environment: { Variables: { BODIES: { Ref: 'Bodies0A1B2C3D' } } } }),
    Bodies0A1B2C3D: { Type: 'AWS::S3::Bucket' },
    Named: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'a-chosen-name' } },
    Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Bodies0A1B2C3D' } } },
  },
  outputs: { Bodies: { Value: { Ref: 'Bodies0A1B2C3D' } } },
  functions: {
    writer: `
const { S3Client, PutObjectCommand } = require(${JSON.stringify(createRequire(import.meta.url).resolve('@aws-sdk/client-s3'))});
const client = new S3Client({ forcePathStyle: true });
exports.handler = async (event) => {
  await client.send(new PutObjectCommand({ Bucket: process.env.BODIES, Key: 'of the function', Body: event.body }));
  return process.env.AWS_ENDPOINT_URL_S3;
};`,
  },
};

describe('a template’s buckets', () => {
  let running: RunningTemplate | undefined;
  let child: ChildProcess | undefined;

  afterEach(async () => {
    child?.kill('SIGKILL');
    await running?.close();
    running = undefined;
  });

  test('are there at the start, each under its name', async () => {
    running = await runTemplate(template);
    const { Buckets } = await running.s3.send(new ListBucketsCommand({}));
    expect(Buckets?.map(({ Name }) => Name)).toEqual(['a-chosen-name', 'bodies0a1b2c3d']);
    expect(running.printed).toEqual([]);
  });

  test('are what a function writes to with a client that is told no address', async () => {
    running = await runTemplate(template);
    const answer = await fetch(`${running.url}/bodies`, { method: 'PUT', body: 'from the function' });
    expect([answer.status, await answer.text()]).toEqual([200, running.endpoints.s3]);
    const object = await get(running.s3, 'bodies0a1b2c3d', 'of the function');
    expect(object.toString()).toBe('from the function');
  });

  test('keep their objects over a restart, and what was deleted stays away', async () => {
    const first = await runTemplate(template);
    const bucket = first.output('Bodies') ?? '';
    const body = bytes(4 * MB);
    await put(first.s3, bucket, 'größe/100%', body);
    await put(first.s3, bucket, 'deleted', 'body');
    await first.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'deleted' }));
    await first.close();

    running = await runTemplate(template, first.dataDir);
    expect((await get(running.s3, bucket, 'größe/100%')).equals(body)).toBe(true);
    await expect(get(running.s3, bucket, 'deleted')).rejects.toBeInstanceOf(NoSuchKey);
  });

  test('have each put that was answered after a kill -9, and each object whole', async () => {
    const dataDir = newFolder();
    child = spawn(process.execPath, ['--input-type=module', '-e', runOnly(template, dataDir)], {
      env: {},
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [endpoint] = (await once(child.stdout!, 'data')) as [Buffer];
    const client = s3At(endpoint.toString());

    // Version n of an object is 1 MB of the byte n. Objects are replaced until the kill, which falls between two answers.
    const answered = new Map(['one', 'two', 'three', 'four'].map((key) => [key, 0]));
    const replace = async (key: string): Promise<void> => {
      for (let version = 1; ; version += 1) {
        await put(client, 'a-chosen-name', key, Buffer.alloc(MB, version));
        answered.set(key, version);
        if (Math.min(...answered.values()) === 5) child?.kill('SIGKILL');
      }
    };
    const died = once(child, 'exit');
    const lanes = await Promise.allSettled([...answered.keys()].map(replace));
    expect(lanes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'rejected']);
    expect(await died).toEqual([null, 'SIGKILL']);
    client.destroy();

    running = await runTemplate(template, dataDir);
    for (const [key, version] of answered) {
      const object = await get(running.s3, 'a-chosen-name', key);
      expect([version, version + 1]).toContain(object[0]);
      expect(object.equals(Buffer.alloc(MB, object[0]))).toBe(true);
    }
  });
});

/** The source of a program that runs the template and prints where its S3 listens. */
function runOnly(written: WrittenTemplate, dataDir: string): string {
  const options = JSON.stringify({ assembly: writeAssembly(written), dataDir, port: 0 });
  return `
import { startRuntime } from ${JSON.stringify(new URL('../../local/runtime.ts', import.meta.url).href)};
const { endpoints } = await startRuntime({ ...${options}, print: () => {} });
process.stdout.write(endpoints.s3);`;
}
