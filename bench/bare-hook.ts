import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { createHmac, timingSafeEqual } from 'node:crypto';

const client = new SQSClient({});

/** What one writes without a contract: check the signature, parse, send, answer. The measure of bench/receive-hook.ts. */
export async function handler(event: { body: string; headers: Record<string, string> }) {
  const digest = createHmac('sha256', process.env['BARE_HOOK_SECRET'] ?? '')
    .update(event.body)
    .digest('hex');
  const received = event.headers['x-hub-signature-256'] ?? '';
  const expected = `sha256=${digest}`;
  const isGenuine =
    received.length === expected.length && timingSafeEqual(Buffer.from(received), Buffer.from(expected));
  if (!isGenuine) return { statusCode: 401 };
  const { release, repository } = JSON.parse(event.body) as {
    release: { id: number; name: string; tag_name: string; html_url: string };
    repository: { full_name: string };
  };
  const conversation = {
    externalId: `github-release-${release.id}`,
    name: release.name || release.tag_name,
    custom: { repositoryStr: repository.full_name, releaseUrl: release.html_url },
  };
  await client.send(
    new SendMessageCommand({
      QueueUrl: process.env['DRAFTS_QUEUE_URL'],
      MessageBody: JSON.stringify(conversation),
    }),
  );
  return {
    statusCode: 202,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ data: conversation }),
  };
}
