import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseSecrets } from '../functions/hooks/hook-secrets.ts';
import { github } from '../functions/hooks/senders/github.ts';
import { signDelivery } from '../functions/hooks/sign.ts';
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
  const stored = arn && (await runtime.secrets.get(arn.split(':').pop() ?? ''));
  const [secret] = parseSecrets(stored ? stored.value : '');
  if (secret === undefined) return [];
  const url = `${runtime.url}/v1/hooks/github-issues`;
  const headers = {
    'content-type': 'application/json',
    'x-github-event': 'issues',
    'x-github-delivery': DELIVERY,
  };
  const unsigned = { headers, body: await readFile(file), method: 'POST', url };
  const signed = signDelivery(github.scheme, secret, unsigned, { now: Date.now() });
  const flags = Object.entries(signed.headers).map(([name, value]) => `-H '${name}: ${value}'`);
  return [`curl -i ${url} ${flags.join(' ')} --data-binary '@${file}'`];
}
