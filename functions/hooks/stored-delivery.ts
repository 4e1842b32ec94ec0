import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { shortenTo } from '../conversations/text.ts';
import type { DeliveryKey, DeliveryResult, Verdict } from './delivery-record.ts';

/** An item of the deliveries table, as DynamoDB has it. */
export type Item = Record<string, AttributeValue>;

/** A source of an organisation: whose deliveries they are. */
export type DeliveryOwner = Pick<DeliveryKey, 'org' | 'source'>;

/** A delivery as it was written down, without what it brought. */
export interface DeliveryRecord extends DeliveryKey, DeliveryResult {
  /** When it came first: UTC with milliseconds. */
  receivedAt: string;
  /** How often it came. */
  attempts: number;
  /** Bytes of its body. */
  size: number;
}

/**
 * The index that deliveries are listed from: partition `verdictKey`, sort `verdictSort`, and these attributes. The stateful stack
 * makes it.
 */
export const verdictIndex = {
  name: 'byVerdict',
  includes: ['conversation', 'error', 'attempts', 'size', 'expires'],
} as const;

/** Most characters of an error that are kept. */
const maxError = 2000;

/** The key of a delivery's item. */
export function keyOf({ org, source, event }: DeliveryKey) {
  return { pk: { S: `org#${org}#source#${source}` }, sk: { S: event } };
}

/** The index partition of a source's deliveries with one verdict. */
export function verdictKey({ org, source }: DeliveryOwner, verdict: Verdict): string {
  return `org#${org}#source#${source}#${verdict}`;
}

/** The place of a delivery among its source's: by time, ties by id. Also what positions are made of. */
export function positionOf({ receivedAt, event }: Pick<DeliveryRecord, 'receivedAt' | 'event'>): string {
  return `${receivedAt}#${event}`;
}

/** What became of a delivery, as attributes; those without a value are to be removed. */
export function resultAttributes(owner: DeliveryOwner, { verdict, conversation, error }: DeliveryResult) {
  return {
    verdictKey: { S: verdictKey(owner, verdict) },
    conversation: conversation === undefined ? undefined : { S: conversation },
    error: error === undefined ? undefined : { S: shortenTo(maxError, error.toWellFormed()) },
  };
}

/** The record of an item of the table or its index. */
export function recordOf({ org, source }: DeliveryOwner, item: Item): DeliveryRecord {
  const conversation = item['conversation']?.S;
  const error = item['error']?.S;
  const verdict = item['verdictKey']?.S ?? '';
  const position = item['verdictSort']?.S ?? '';
  return {
    org,
    source,
    event: item['sk']?.S ?? '',
    verdict: verdict.slice(verdict.lastIndexOf('#') + 1) as Verdict,
    receivedAt: position.slice(0, position.indexOf('#')),
    attempts: Number(item['attempts']?.N),
    size: Number(item['size']?.N),
    ...(conversation !== undefined && { conversation }),
    ...(error !== undefined && { error }),
  };
}

/** Is the time of an item over, though DynamoDB has not deleted it yet? `now` in milliseconds. */
export function isExpired(item: Item, now: number): boolean {
  return Number(item['expires']?.N) * 1000 <= now;
}

/**
 * An update that gives an item these attributes: those that are undefined are removed. Every name is written as a placeholder,
 * since DynamoDB reserves some (`error`, `size`).
 */
export function updateOf(attributes: Readonly<Record<string, AttributeValue | undefined>>) {
  const set: string[] = [];
  const remove: string[] = [];
  const ExpressionAttributeNames: Record<string, string> = {};
  const ExpressionAttributeValues: Item = {};
  for (const [name, value] of Object.entries(attributes)) {
    ExpressionAttributeNames[`#${name}`] = name;
    if (value === undefined) remove.push(`#${name}`);
    else {
      set.push(`#${name} = :${name}`);
      ExpressionAttributeValues[`:${name}`] = value;
    }
  }
  return {
    UpdateExpression: `SET ${set.join(', ')}${remove.length > 0 ? ` REMOVE ${remove.join(', ')}` : ''}`,
    ExpressionAttributeNames,
    ExpressionAttributeValues,
  };
}
