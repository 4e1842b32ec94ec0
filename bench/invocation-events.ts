import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';

const customer = '58210c3db0f09110006b7953';
const release = readFileSync(new URL('../docs/samples/github-releases.json', import.meta.url), 'utf8');

/** The event of a create of a conversation, with an API key; `index` makes it another one. */
export function createEvent(key: string, index: number): object {
  return {
    version: '2.0',
    routeKey: 'POST /v1/customers/{id}/conversations',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    pathParameters: { id: customer },
    requestContext: { requestId: `gateway-${index}-${Math.random()}` },
    isBase64Encoded: false,
    body: JSON.stringify({
      name: 'Where is my order?',
      priority: 2,
      tags: ['order', 'late'],
      custom: { orderNum: 1000 + index, planStr: 'gold', orderedAt: '2026-01-01T00:00:00Z', vipBool: true },
    }),
  };
}

/** The event of a delivery of GitHub, signed with the secret: each index is another release, as it would be. */
export function releaseEvent(secret: string, index: number): object {
  const body = release.replaceAll('17372790', String(1_000_000 + index));
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  return {
    version: '2.0',
    routeKey: 'POST /v1/hooks/{source}',
    rawQueryString: '',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'GitHub-Hookshot/044aadd',
      'x-github-event': 'release',
      'x-github-delivery': `72d3162e-cc78-11e3-81ab-${String(index).padStart(12, '0')}`,
      'x-hub-signature-256': `sha256=${signature}`,
    },
    pathParameters: { source: 'github-releases' },
    requestContext: { requestId: `gateway-${index}` },
    isBase64Encoded: false,
    body,
  };
}

/** What the function that takes it in has in its environment, where only AWS knows the template's values. */
export function releaseEnvironment(endpoint: string): Record<string, string> {
  return {
    HOOK_SECRETS: JSON.stringify({
      'github-releases': 'arn:aws:secretsmanager:us-east-1:000000000000:secret:x',
    }),
    DRAFTS_QUEUE_URL: `${endpoint}/000000000000/drafts`,
    ORGANISATION_ID: '57f29863a1dbf61100e6aa92',
    ORGANISATION_USER_ID: '58190b991f2932100010d683',
    PUBLIC_BASE_URL: 'https://example.com',
  };
}
