import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { expect } from '@jest/globals';
import { sign } from '@octokit/webhooks-methods';
import type { DeliveryResource } from '../../cli/deliveries/hooks-api.ts';
import { openLocalAws } from '../../local/open-local-aws.ts';
import { author } from '../conversations/asked.ts';
import { githubExample } from '../hooks/github-delivery.ts';
import { send, signingSecret, type Answer } from './local-system.ts';

/** A delivery in an answer, with where it stands. */
export interface LinkedDelivery extends DeliveryResource {
  links: { self: string };
}

/** An answer with many of them. */
export interface DeliveryList {
  meta: { page: number; pageSize: number };
  data: LinkedDelivery[];
  links: { self: string; first: string; prev: null; next: string | null };
}

const secretNames = { 'github-issues': 'GithubIssues', 'github-releases': 'GithubReleases' };

/** Delivers the event `id` as GitHub does: an issue to `github-issues`, a release to `github-releases`, signed unless `headers` say otherwise. */
export async function deliver(
  source: keyof typeof secretNames,
  id: string,
  payload: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
  return await send('POST', `/v1/hooks/${source}`, {
    key: null,
    body,
    headers: {
      'content-type': 'application/json',
      'x-github-event': source === 'github-issues' ? 'issues' : 'release',
      'x-github-delivery': id,
      'x-hub-signature-256': await sign(await signingSecret(secretNames[source]), body),
      ...headers,
    },
  });
}

/** An issue that was opened, whose externalId will be `github-issue-<id>`. */
export function issue(id: number, title: unknown = `Issue ${id}`): { issue: { id: number; title: unknown } } {
  const payload = githubExample<{ issue: { id: number; title: unknown } }>('issues', 'opened');
  Object.assign(payload.issue, { id, title });
  return payload;
}

/** A release that was published, whose externalId will be `github-release-<id>`. */
export function release(id: number): { release: { id: number } } {
  const payload = githubExample<{ release: { id: number } }>('release', 'published');
  payload.release.id = id;
  return payload;
}

/** Expects an answer with one delivery and returns that. */
export function deliveryIn({ status, body }: Answer, expected = 200): LinkedDelivery {
  expect({ status, body }).toMatchObject({ status: expected, body: { data: { type: 'delivery' } } });
  return (body as { data: LinkedDelivery }).data;
}

/** Expects an answer with a list of deliveries and returns that. */
export function listIn({ status, body }: Answer): DeliveryList {
  expect({ status, body }).toMatchObject({ status: 200, body: { data: expect.any(Array) } });
  return body as DeliveryList;
}

/** Where a delivery stands. */
export function pathOf(source: string, id: string): string {
  return `/v1/hooks/${source}/deliveries/${encodeURIComponent(id)}`;
}

/** Takes a conversation away, as nobody can over HTTP. */
export async function removeConversation(id: string): Promise<void> {
  const aws = await openLocalAws(process.env['CONTRACT_DATA_DIR']);
  try {
    const Key = { pk: { S: `org#${author.org}#conversation#${id}` } };
    await aws.dynamodb.send(new DeleteItemCommand({ TableName: aws.output('ConversationsTable'), Key }));
  } finally {
    await aws.close();
  }
}
