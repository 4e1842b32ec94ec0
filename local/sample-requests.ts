import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Runtime } from './runtime.ts';

const CUSTOMER = '58210c3db0f09110006b7953';
const DELIVERY = '72d3162e-cc78-11e3-81ab-4c9367dc0958';

/**
 * Three requests to paste into a shell, in any folder: create a conversation, list the customer's, and deliver a
 * GitHub event signed as GitHub signs it. The last is left out when the template has no GitHub source.
 *
 * @param root the project's folder, where the sample event is
 */
export async function sampleRequests(root: string, runtime: Runtime, key: string): Promise<string[]> {
  const conversations = `${runtime.url}/v1/customers/${CUSTOMER}/conversations`;
  const authorization = `-H 'authorization: Bearer ${key}'`;
  const body = JSON.stringify({ name: 'Where is my order?' });
  return [
    `curl -i ${conversations} ${authorization} -H 'content-type: application/json' -d '${body}'`,
    `curl -i ${conversations} ${authorization}`,
    ...(await githubDelivery(join(root, 'docs', 'samples', 'github-issues.json'), runtime)),
  ];
}

async function githubDelivery(file: string, runtime: Runtime): Promise<string[]> {
  const arn = runtime.output('GithubIssuesSecret');
  const secret = arn && (await runtime.secrets.get(arn.split(':').pop() ?? ''));
  if (!secret) return [];
  const signature = createHmac('sha256', firstKey(secret.value))
    .update(await readFile(file))
    .digest('hex');
  const headers = {
    'content-type': 'application/json',
    'x-github-event': 'issues',
    'x-github-delivery': DELIVERY,
    'x-hub-signature-256': `sha256=${signature}`,
  };
  const flags = Object.entries(headers).map(([name, value]) => `-H '${name}: ${value}'`);
  return [`curl -i ${runtime.url}/v1/hooks/github-issues ${flags.join(' ')} --data-binary '@${file}'`];
}

/** A secret is one key, or a JSON array of keys while it is being changed: the newest first. */
function firstKey(secret: string): string {
  if (!secret.startsWith('[')) return secret;
  const [first] = JSON.parse(secret) as string[];
  return first ?? '';
}
