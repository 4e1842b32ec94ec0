import { join } from 'node:path';
import { readSample, samplePath, type Sample } from '../../../cli/hooks/read-sample.ts';
import { projectRoot } from '../../../local/project-root.ts';
import { put } from '../../hooks/sources/put.ts';
import { objectId } from '../../conversations/asked.ts';
import type { Create, Delivery } from './asks.ts';
import { seeded } from './seeded.ts';

/** How a source's sample becomes the event `id` about the thing `number`, called `name`. */
interface Shape {
  /** Values at JSON pointers of the body. */
  body(id: string, number: number, name: string): Record<string, unknown>;
  headers?(id: string): Record<string, string>;
  /** What the conversation is called then: the name itself where it is not told. */
  shown?(name: string): string;
}

const shapes: Record<string, Shape> = {
  'github-issues': {
    body: (_, number, name) => ({ '/issue/id': number, '/issue/title': name }),
    headers: (id) => ({ 'x-github-delivery': id }),
  },
  'github-releases': {
    body: (_, number, name) => ({ '/release/id': number, '/release/name': name }),
    headers: (id) => ({ 'x-github-delivery': id }),
  },
  'stripe-disputes': {
    body: (id, number, name) => ({
      '/id': id,
      '/data/object/id': `du_${number}`,
      '/data/object/reason': name,
    }),
    shown: (name) => `Payment disputed: ${name}`,
  },
  'shopify-cancelled-orders': {
    body: (_, number, name) => ({
      '/admin_graphql_api_id': `gid://shopify/Order/${number}`,
      '/name': name,
    }),
    headers: (id) => ({ 'x-shopify-webhook-id': id }),
    shown: (name) => `Order ${name} was cancelled`,
  },
  'typeform-responses': {
    body: (id, number, name) => ({
      '/event_id': id,
      '/form_response/token': `token${number}`,
      '/form_response/definition/title': name,
    }),
  },
  'pagerduty-incidents': {
    body: (id, number, name) => ({
      '/event/id': id,
      '/event/data/id': `Q${number}`,
      '/event/data/title': name,
    }),
  },
  events: {
    body: (_id, _number, name) => ({ '/data/name': name }),
    headers: (id) => ({ 'webhook-id': id }),
  },
};

/** The sources that take part. */
export const sourceNames = Object.keys(shapes);

/** So much text does not fit an item of DynamoDB, even compressed: the body goes into the bucket. */
const largeBytes = 340_000;

/** An event that becomes a conversation; `changes` are further values at JSON pointers of its body. */
export function fitting(source: string, number: number, changes: Record<string, unknown> = {}): Delivery {
  return deliveryOf(source, number, 'created', changes);
}

/** The same as `fitting`, with a body that is kept in the bucket. */
export function large(number: number): Delivery {
  const random = seeded(number, 'large');
  const noise = Buffer.from(Array.from({ length: largeBytes }, () => random.between(0, 255)));
  return deliveryOf('github-releases', number, 'created', { '/release/body': noise.toString('base64') });
}

/** An event that its source does not take. */
export function ignored(number: number): Delivery {
  return deliveryOf('github-issues', number, 'ignored', { '/action': 'closed' });
}

/** A genuine event that lacks what its source needs. */
export function misfit(number: number): Delivery {
  return deliveryOf('shopify-cancelled-orders', number, 'rejected', { '/cancelled_at': undefined });
}

/** An event whose thing has a conversation already, which an API client asked for: its own can never be made. */
export function clashing(source: 'github-releases' | 'pagerduty-incidents', number: number): Delivery {
  const externalId =
    source === 'github-releases' ? `github-release-${number}` : `pagerduty-incident-Q${number}`;
  const name = `holder ${number}`;
  const holder: Create = {
    kind: 'create',
    name,
    key: `holder-${number}`,
    json: { customer: objectId(0xc0000 + number), name, externalId },
  };
  return { ...deliveryOf(source, number, 'failed'), holder };
}

function deliveryOf(
  source: string,
  number: number,
  verdict: Delivery['verdict'],
  changes: Record<string, unknown> = {},
): Delivery {
  const { body, headers, shown } = shapes[source]!;
  const event = `event-${number}`;
  const name = `delivery ${number}`;
  const sample = sampleOf(source);
  const payload = JSON.parse(sample.body.toString()) as unknown;
  for (const [pointer, value] of Object.entries({ ...body(event, number, name), ...changes })) {
    put(payload, pointer, value);
  }
  const changed: Sample = {
    headers: { ...sample.headers, ...headers?.(event) },
    body: Buffer.from(JSON.stringify(payload)),
  };
  return {
    kind: 'delivery',
    source,
    event,
    name: shown?.(name) ?? name,
    verdict,
    sample: changed,
    repeated: 'never',
  };
}

const samples = new Map<string, Sample>();

function sampleOf(source: string): Sample {
  const known = samples.get(source) ?? readSample(samplePath(join(projectRoot, 'docs', 'samples'), source));
  samples.set(source, known);
  return known;
}
