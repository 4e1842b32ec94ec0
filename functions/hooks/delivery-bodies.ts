import type { S3Client } from '@aws-sdk/client-s3';

/** Where bodies are kept that are too large for an item of DynamoDB. Throws what S3 throws. */
export interface DeliveryBodies {
  /** Writes a body in the place of what is there. */
  put(key: string, body: Uint8Array): Promise<void>;
  get(key: string): Promise<Uint8Array>;
}

/**
 * Bodies in the S3 bucket `bucket`. Hardly any delivery needs it: the SDK's S3 client, which is large, is loaded and made by
 * `connect` on first use only, so that it costs the others nothing.
 */
export function deliveryBodies(connect: () => Promise<S3Client>, bucket: string): DeliveryBodies {
  let connected: Promise<S3Client> | undefined;
  const client = () => (connected ??= connect());
  return {
    async put(Key, Body) {
      const { PutObjectCommand } = await import('@aws-sdk/client-s3');
      await (await client()).send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
    },
    async get(Key) {
      const { GetObjectCommand } = await import('@aws-sdk/client-s3');
      const { Body } = await (await client()).send(new GetObjectCommand({ Bucket: bucket, Key }));
      if (!Body) throw new Error(`The bucket has nothing at ${Key}`);
      return await Body.transformToByteArray();
    },
  };
}
