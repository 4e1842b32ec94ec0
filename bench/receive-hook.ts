/**
 * What does taking in a webhook cost in processor time, against a bare handler that checks the signature, parses and sends one
 * message? See bench/README.md. Usage: npm run bench:receive-hook [-- --rounds 80] [--json]
 */
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { compareHandlers } from './compare-handlers.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '80' }, json: { type: 'boolean' } },
});
const secret = 'a-secret-that-is-long-enough-for-all';
const sample = readFileSync(new URL('../docs/samples/github-releases.json', import.meta.url), 'utf8');

const { result, show } = await compareHandlers({
  name: 'ReceiveHook',
  bare: 'bare-hook.ts',
  stored: secret,
  environment: (endpoint) => ({
    BARE_HOOK_SECRET: secret,
    HOOK_SECRETS: JSON.stringify({
      'github-releases': 'arn:aws:secretsmanager:us-east-1:000000000000:secret:x',
    }),
    DRAFTS_QUEUE_URL: `${endpoint}/000000000000/drafts`,
    ORGANISATION_ID: '57f29863a1dbf61100e6aa92',
    ORGANISATION_USER_ID: '58190b991f2932100010d683',
    PUBLIC_BASE_URL: 'https://example.com',
  }),
  eventOf,
  status: 202,
  rounds: Number(values.rounds),
});
show(JSON.stringify(result, null, values.json ? 0 : 2));
if (result.ratio > 1.4) process.exitCode = 1;

function eventOf(index: number): object {
  // Each event is another release, as it would be.
  const body = sample.replaceAll('17372790', String(1_000_000 + index));
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
