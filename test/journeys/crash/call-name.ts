import type { ClientRequest } from 'node:http';

/** What a request of AWS is called, e.g. `DynamoDB.PutItem`. S3 alone names its actions by method and path. */
export function awsCall(request: ClientRequest): string {
  const target = request.getHeader('x-amz-target');
  if (target === undefined) return request.method === 'PUT' ? 'S3.PutObject' : `S3.${request.method}`;
  const [service = '', action = ''] = String(target).split('.');
  const names: Record<string, string> = {
    DynamoDB_20120810: 'DynamoDB',
    AmazonSQS: 'SQS',
    secretsmanager: 'SecretsManager',
  };
  return `${names[service] ?? service}.${action}`;
}

/** What the vendor is asked for, by the paths of its API: the first that fits. */
const vendorPaths: readonly (readonly [RegExp, string])[] = [
  [/^\/v1\/conversations\/bulk$/, 'bulk'],
  [/^\/v1\/bulk\/[^/]+\/batches$/, 'batches'],
  [/^\/v1\/bulk\/[^/]+$/, 'bulk'],
  [/^\/v1\/customers\/[^/]+\/conversations$/, 'conversation'],
  [/^\/v1\/conversations\/externalId=/, 'holder'],
  [/^\/v1\/conversations\/[^/]+$/, 'conversation'],
  [/^\/v1\/customers(\/|$)/, 'customer'],
];

/** What a request of the vendor is called, e.g. `Vendor.POST bulk`; `path` may have a query. */
export function vendorCall(method: string, path: string): string {
  const [plain = ''] = path.split('?');
  const [, name = plain] = vendorPaths.find(([pattern]) => pattern.test(plain)) ?? [];
  return `Vendor.${method} ${name}`;
}
