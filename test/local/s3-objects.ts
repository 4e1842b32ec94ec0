import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';

/** Bytes in a megabyte. */
export const MB = 1024 * 1024;

/** Puts an object. */
export async function put(
  client: S3Client,
  Bucket: string,
  Key: string,
  Body: Buffer | string,
): Promise<void> {
  await client.send(new PutObjectCommand({ Bucket, Key, Body }));
}

/** The bytes of an object. */
export async function get(client: S3Client, Bucket: string, Key: string): Promise<Buffer> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

/** Bytes of which no two pieces are alike, always the same. */
export function bytes(length: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, number) =>
    createHash('sha256').update(String(number)).digest(),
  );
  return Buffer.concat(blocks).subarray(0, length);
}

/** A client that sends each request once. */
export function s3At(endpoint: string): S3Client {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return new S3Client({ endpoint, region: 'us-east-1', credentials, forcePathStyle: true, maxAttempts: 1 });
}
