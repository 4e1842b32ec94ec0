import { CreateBucketCommand, type S3Client } from '@aws-sdk/client-s3';
import { physicalName } from '../template/physical-name.ts';
import type { Resolver } from '../template/resolver.ts';

/** Creates every bucket of the template that does not exist yet. Objects stay. */
export async function createBuckets(resolver: Resolver, client: S3Client): Promise<void> {
  const names = resolver.ofType('AWS::S3::Bucket').map((resource) => physicalName(resource, resolver));
  // As in us-east-1: to create a bucket that is there already is no error, and changes nothing.
  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
  await Promise.all(names.map((Bucket) => client.send(new CreateBucketCommand({ Bucket }))));
}
