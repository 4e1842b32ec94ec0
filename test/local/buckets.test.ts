import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListBucketsCommand,
  NoSuchBucket,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { startS3Server } from '../../local/s3/s3-server.ts';
import { startS3 } from '../servers/s3-server.ts';
import { runTemplate, type RunningTemplate } from './running-template.ts';
import {
  httpApi,
  lambdaFunction,
  newFolder,
  writeAssembly,
  type WrittenTemplate,
} from './written-assembly.ts';

// Some tests start a template twice, while other tests have the processors.
jest.setTimeout(20_000);

const MB = 1024 * 1024;

async function put(client: S3Client, Bucket: string, Key: string, Body: Buffer | string): Promise<void> {
  await client.send(new PutObjectCommand({ Bucket, Key, Body }));
}

async function get(client: S3Client, Bucket: string, Key: string): Promise<Buffer> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

/** Bytes of which no two pieces are alike, always the same. */
function bytes(length: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, number) =>
    createHash('sha256').update(String(number)).digest(),
  );
  return Buffer.concat(blocks).subarray(0, length);
}

async function onDisk(): ReturnType<typeof startS3> {
  const { url, close } = await startS3Server(newFolder());
  const client = s3At(url);
  return {
    endpoint: url,
    client,
    bucket: async () => {
      await client.send(new CreateBucketCommand({ Bucket: 'bodies' }));
      return 'bodies';
    },
    close: async () => {
      client.destroy();
      await close();
    },
  };
}

/** A client that sends each request once. */
function s3At(endpoint: string): S3Client {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return new S3Client({ endpoint, region: 'us-east-1', credentials, forcePathStyle: true, maxAttempts: 1 });
}

describe.each([
  ['in memory', startS3],
  ['on disk', onDisk],
])('a bucket %s', (_, start) => {
  let server: Awaited<ReturnType<typeof startS3>>;
  let client: S3Client;
  let bucket: string;

  beforeAll(async () => {
    server = await start();
    client = server.client;
    bucket = await server.bucket();
  });
  afterAll(() => server.close());

  test.each<[string, Buffer]>([
    ['nothing', Buffer.alloc(0)],
    ['every byte there is', Buffer.from(Array.from({ length: 256 }, (_none, value) => value))],
    [
      'what the framing of a body looks like',
      Buffer.from('4\r\nbody\r\n0\r\nx-amz-checksum-crc32:AAAA\r\n\r\n'),
    ],
    ['4 MB', bytes(4 * MB)],
  ])('gives back %s byte for byte', async (name, body) => {
    await put(client, bucket, name, body);
    expect((await get(client, bucket, name)).equals(body)).toBe(true);
  });

  // The SDK sends the checksum of bytes as a header, that of a stream in the trailer of an aws-chunked body.
  test('gives back a stream whose checksum comes after it', async () => {
    const body = bytes(MB);
    const stream = Readable.from([body.subarray(0, 100_000), body.subarray(100_000)]);
    await client.send(
      new PutObjectCommand({ Bucket: bucket, Key: 'stream', Body: stream, ContentLength: body.length }),
    );
    expect((await get(client, bucket, 'stream')).equals(body)).toBe(true);
  });

  test.each([
    'org/source/2026/11/22/event',
    'a//b/',
    '../up',
    '100%',
    '100%25',
    'a%2Fb',
    'a+b c&d=e?f#g',
    'größe/日本/😀',
    'org#one#source#github',
  ])('keeps an object at the key %s until it is deleted', async (key) => {
    await put(client, bucket, key, key);
    expect((await get(client, bucket, key)).toString()).toBe(key);
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
    await expect(get(client, bucket, key)).rejects.toBeInstanceOf(NoSuchKey);
  });

  test('keeps keys apart that differ in their encoding only', async () => {
    const keys = ['a/b', 'a%2Fb', 'a%252Fb', 'a b', 'a+b', 'a%20b', 'é', 'e\u0301'];
    for (const key of keys) await put(client, bucket, key, key);
    for (const key of keys) expect((await get(client, bucket, key)).toString()).toBe(key);
  });

  test('gives back the last of several puts at one key', async () => {
    await put(client, bucket, 'again', 'first, and longer');
    await put(client, bucket, 'again', 'second');
    expect((await get(client, bucket, 'again')).toString()).toBe('second');
  });

  test.each(['application/json', 'application/x-www-form-urlencoded', 'application/x-amz-json-1.0'])(
    'keeps the content type %s and the metadata of an object',
    async (ContentType) => {
      const Metadata = { source: 'a source' };
      await client.send(
        new PutObjectCommand({ Bucket: bucket, Key: 'typed', Body: 'a=1&b=%32', ContentType, Metadata }),
      );
      expect(await client.send(new GetObjectCommand({ Bucket: bucket, Key: 'typed' }))).toMatchObject({
        ContentType,
        Metadata,
      });
      expect((await get(client, bucket, 'typed')).toString()).toBe('a=1&b=%32');
    },
  );

  test('has nothing at a key that was never put, nor anything in a bucket that is not there', async () => {
    await expect(get(client, bucket, 'missing')).rejects.toBeInstanceOf(NoSuchKey);
    await expect(put(client, 'missing', 'key', 'body')).rejects.toBeInstanceOf(NoSuchBucket);
  });

  test('has the old object after a put that broke off', async () => {
    await put(client, bucket, 'broken', 'whole');
    const { hostname, port } = new URL(server.endpoint);
    const socket = connect(Number(port), hostname);
    socket.end(`PUT /${bucket}/broken HTTP/1.1\r\nhost: ${hostname}\r\ncontent-length: 10\r\n\r\nhalf`);
    socket.resume();
    await once(socket, 'close');
    expect((await get(client, bucket, 'broken')).toString()).toBe('whole');
  });
});

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
