import { sign } from '@octokit/webhooks-methods';
import { createRequire } from 'node:module';
import type { RawDelivery } from '../../functions/hooks/delivery.ts';

const require = createRequire(import.meta.url);

/** The secret that `githubDelivery` signs with. */
export const githubSecret = "It's a Secret to Everybody";

/** What a delivery may differ in: `form` sends it as a form, as GitHub can be told to. */
export interface GithubDeliveryOptions {
  event: string;
  id?: string;
  form?: boolean;
}

/** A delivery as GitHub makes it of `payload` (text is taken as it stands), signed by GitHub's own library. */
export async function githubDelivery(
  payload: unknown,
  { event, id = '72d3162e-cc78-11e3-81ab-4c9367dc0958', form = false }: GithubDeliveryOptions,
): Promise<RawDelivery & { headers: Record<string, string> }> {
  const json = typeof payload === 'string' ? payload : JSON.stringify(payload);
  const body = form ? new URLSearchParams({ payload: json }).toString() : json;
  return {
    headers: {
      'content-type': form ? 'application/x-www-form-urlencoded' : 'application/json',
      'user-agent': 'GitHub-Hookshot/044aadd',
      'x-github-event': event,
      'x-github-delivery': id,
      'x-hub-signature-256': await sign(githubSecret, body),
    },
    body: Buffer.from(body),
    method: 'POST',
    url: 'https://intake.example.com/v1/hooks/github-issues',
  };
}

/** An event of GitHub's documentation: its name, and one payload. */
export interface GithubExample {
  event: string;
  payload: { action?: string };
}

/** Every payload of @octokit/webhooks-examples: those of GitHub itself and of five GitHub Enterprise versions. */
export const githubExamples: readonly GithubExample[] = [
  require('@octokit/webhooks-examples/api.github.com/index.json') as Definition[],
  require('@octokit/webhooks-examples/ghes-31/index.json') as Definition[],
  require('@octokit/webhooks-examples/ghes-32/index.json') as Definition[],
  require('@octokit/webhooks-examples/ghes-33/index.json') as Definition[],
  require('@octokit/webhooks-examples/ghes-34/index.json') as Definition[],
  require('@octokit/webhooks-examples/ghes-35/index.json') as Definition[],
]
  .flat()
  .flatMap(({ name, examples }) => examples.map((payload) => ({ event: name, payload })));

interface Definition {
  name: string;
  examples: { action?: string }[];
}

/** The first example of an event with an action. Throws an Error when there is none. */
export function githubExample<Payload>(event: string, action: string): Payload {
  const found = githubExamples.find(
    (example) => example.event === event && example.payload.action === action,
  );
  if (!found) throw new Error(`@octokit/webhooks-examples has no ${event} ${action}`);
  return structuredClone(found.payload) as Payload;
}
