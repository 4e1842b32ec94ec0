import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  NoSuchBucket,
  NoSuchKey,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { once } from 'node:events';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { startS3Server } from '../../local/s3/s3-server.ts';
import { startS3 } from '../servers/s3-server.ts';
import { bytes, get, MB, put, s3At } from './s3-objects.ts';
import { newFolder } from './written-assembly.ts';

// Other tests have the processors meanwhile.
jest.setTimeout(20_000);

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
