import type { Message } from '@aws-sdk/client-sqs';
import { readMessage } from '../../functions/queue/draft-message.ts';
import { printable } from '../printable.ts';
import { UsageError } from '../run-command.ts';
import { reasonOf, sourceOf } from './count-letters.ts';
import { deadLetter, type DeadLetter } from './dead-letter.ts';
import { HeldMessages } from './held-messages.ts';
import { mostReceives, queueNumber, type Queues } from './open-queues.ts';

/** Milliseconds. */
const patience = 5000;

/** Prints one dead letter with all that it holds, and lets it go again. Throws UsageError when it cannot be found. */
export async function showLetter(
  queues: Queues,
  id: string,
  { json, signal }: { json: boolean | undefined; signal: AbortSignal },
): Promise<void> {
  const receives = await mostReceives(queues);
  const message = await findMessage(queues, id, signal);
  if (signal.aborted && !message) return;
  if (!message)
    throw new UsageError(
      `There is no dead letter ${id}, or it is hidden for a minute: npm run dead-letters -- list shows the ids`,
    );
  const letter = deadLetter(message);
  const content = contentOf(message.Body ?? '');
  if (json) return console.log(JSON.stringify({ ...letter, content }));
  const lines = [
    ['sent', letter.sentAt],
    ['receives', String(letter.receives)],
    ['reason', reasonOf(letter, receives)],
    ['from', sourceOf(letter)],
    ['event', letter.event],
    ['job', letter.job],
    ['batch', letter.batch === undefined ? undefined : String(letter.batch)],
    [
      letter.kind === 'batch' ? 'items' : 'messages',
      letter.items === undefined ? undefined : String(letter.items),
    ],
    ['conversation', letter.conversation],
  ].flatMap(([label = '', value]) => (value === undefined ? [] : [`  ${label.padEnd(12)}  ${value}`]));
  const text = typeof content === 'string' ? content : JSON.stringify(content, null, 2);
  console.log(printable(`Dead letter ${id}\n${lines.join('\n')}\n\n${text}`));
  const more = moreOn(letter);
  if (more !== undefined) console.log(printable(`\n${more}`));
}

/** Looks again for a while when somebody else hides some: it may be among those. */
async function findMessage(queues: Queues, id: string, signal: AbortSignal): Promise<Message | undefined> {
  const { client, deadLetters } = queues;
  const until = performance.now() + patience;
  do {
    const hidden = await queueNumber(queues, deadLetters, 'ApproximateNumberOfMessagesNotVisible');
    const held = new HeldMessages(client, deadLetters);
    try {
      for await (const messages of held.receive(signal)) {
        const found = messages.find(({ MessageId }) => MessageId === id);
        if (found) return found;
      }
    } finally {
      await held.release();
    }
    if (hidden === 0) return undefined;
  } while (!signal.aborted && performance.now() < until);
  return undefined;
}

/** What a message holds, as JSON: the conversation, the batch, what was handed over, all of an unknown one; else the text as it is. */
function contentOf(body: string): unknown {
  const message = readMessage(body);
  if (message && 'conversation' in message) return message.conversation;
  if (message && 'batch' in message) return message.batch;
  if (message && 'handedOver' in message) return message.handedOver;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

/** Where else something is known of it. */
function moreOn({ kind, sources: [source], event, job }: DeadLetter): string | undefined {
  if (event !== undefined && source !== undefined)
    return `What its sender sent, and what failed last: npm run deliveries -- show '${event}' --source ${source}`;
  return kind === 'batch' ? `What became of its job: GET /v1/bulk/${job}/batches` : undefined;
}
