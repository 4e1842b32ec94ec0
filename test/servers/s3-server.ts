import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { startS3Server } from '../../local/s3/s3-server.ts';

/** S3 in memory, for one test file: a real server that real clients talk to. */
export interface S3Server {
  endpoint: string;
  client: S3Client;
  /** An empty bucket; resolves to its name. */
  bucket(): Promise<string>;
  close(): Promise<void>;
}

/** Starts S3 on a free port of this machine. */
export async function startS3(): Promise<S3Server> {
  const server = await startS3Server();
  const client = new S3Client({
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    forcePathStyle: true,
    maxAttempts: 1,
  });
  let buckets = 0;
  return {
    endpoint: server.url,
    client,
    bucket: async () => {
      const Bucket = `bucket-${++buckets}`;
      await client.send(new CreateBucketCommand({ Bucket }));
      return Bucket;
    },
    close: async () => {
      client.destroy();
      await server.close();
    },
  };
}
