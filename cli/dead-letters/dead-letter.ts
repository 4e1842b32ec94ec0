import type { Message } from '@aws-sdk/client-sqs';
import { againMark } from '../../functions/conversations/identity.ts';
import { readMessage, type AskMessage } from '../../functions/queue/draft-message.ts';

/** A dead letter as it is listed: what it is about, and not what it holds. */
export interface DeadLetter {
  id: string;
  /** When it was sent to the queue that it lies on, or to the one that gave it up: UTC with milliseconds. */
  sentAt: string;
  /** How often it was received, by whoever looked at it too; this time is not counted. */
  receives: number;
  /**
   * What it is: `handed-over` is work that a relay's destination has, to be asked about. Of JSON of `other` forms, a newer version of
   * the functions may know what to make; of a `text`, which is no JSON, nothing can be made.
   */
  kind: 'conversation' | 'batch' | 'handed-over' | 'other' | 'text';
  /** The source that a delivery came to, or `bulk` or `api`; several of what was handed over, none where it is not known. */
  sources: string[];
  /** The sender's own id of the event. */
  event?: string;
  /** The bulk job, the number of its batch, and how many items that has; or how many messages were handed over. */
  job?: string;
  batch?: number;
  items?: number;
  /** The id of the conversation that it asks for. */
  conversation?: string;
  /** Why it can never succeed; missing when SQS gave it up after its last receive. */
  reason?: string;
}

/** Where messages come from that no source was sent: bulk jobs, and creates by API. */
export const otherOrigins: readonly string[] = ['bulk', 'api'];

/** The attribute that settling gives what can never succeed. */
export const reasonAttribute = 'reason';

/** Reads a message of the dead letters, whatever it is. */
export function deadLetter(message: Message): DeadLetter {
  const { MessageId = '', Attributes = {}, MessageAttributes = {}, Body = '' } = message;
  const reason = MessageAttributes[reasonAttribute]?.StringValue;
  return {
    id: MessageId,
    sentAt: new Date(Number(Attributes.SentTimestamp ?? 0)).toISOString(),
    receives: Math.max(0, Number(Attributes.ApproximateReceiveCount ?? 0) - 1),
    ...contentOf(Body),
    ...(reason !== undefined && { reason }),
  };
}

type Content = Omit<DeadLetter, 'id' | 'sentAt' | 'receives' | 'reason'>;

function contentOf(body: string): Content {
  const message = readMessage(body);
  if (!message) return { kind: isJson(body) ? 'other' : 'text', sources: [] };
  if (!('handedOver' in message)) return askOf(message);
  const { messages } = message.handedOver;
  const sources = new Set(messages.flatMap((each) => askOf(each).sources));
  return { kind: 'handed-over', sources: [...sources], items: messages.length };
}

function askOf(message: AskMessage): Content {
  if ('batch' in message) {
    const { job, number, drafts } = message.batch;
    return { kind: 'batch', sources: ['bulk'], job, batch: number, items: drafts.length };
  }
  const { id, origin } = message.conversation;
  return { kind: 'conversation', conversation: id, ...askerOf(origin) };
}

/** Who asked for a conversation: an event, also one that was replayed for a further conversation, or a caller of the API. */
function askerOf(origin: string): Pick<DeadLetter, 'sources' | 'event'> {
  const [, source, event = ''] = /^hook#([^#]*)#(.*)$/s.exec(origin) ?? [];
  if (source !== undefined) return { sources: [source], event: event.split(againMark)[0]! };
  return { sources: origin.startsWith('api#') ? ['api'] : [] };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
