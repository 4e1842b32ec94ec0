import { signSample } from '../cli/hooks/sign-sample.ts';
import { sources } from '../functions/hooks/sources.ts';
import { fitting, sourceNames } from '../test/journeys/crash/deliveries.ts';
import { signingSecrets } from '../test/journeys/crash/signing-secrets.ts';
import type { RunningSystem } from './running-system.ts';

/** One request of the mix. */
export interface LoadRequest {
  kind: 'hook' | 'create' | 'bulk' | 'list';
  /** As it is shown. */
  route: string;
  path: string;
  headers: Record<string, string>;
  /** Without one it is a GET. */
  body?: string | Uint8Array<ArrayBuffer>;
  /** Conversations that a 2xx promises. */
  accepts: number;
}

/** Of a hundred requests so many are of a kind; the rest are lists. */
const mix = { hook: 56, create: 24, bulk: 2 };
/** Items of a bulk request. */
const bulkItems = 50;

/** Makes the n-th request, from 0: the kinds by turns, spread over each hundred. */
export function loadRequests({ url, key, dataDir }: RunningSystem): (n: number) => LoadRequest {
  const secretOf = signingSecrets(dataDir);
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  return (n) => {
    const place = (n * 37) % 100;
    if (place < mix.hook) return hook(n, url, secretOf);
    if (place < mix.hook + mix.create) return { ...create(n), headers };
    if (place < mix.hook + mix.create + mix.bulk) return { ...bulk(n), headers };
    return { ...list(n), headers };
  };
}

function hook(n: number, url: string, secretOf: (source: string) => string): LoadRequest {
  const source = sourceNames[n % sourceNames.length]!;
  const { sender, delivery } = sources[source]!;
  const path = `/v1/hooks/${source}`;
  const { headers, body } = signSample(
    sender.scheme,
    secretOf(source),
    fitting(source, n).sample,
    url + path,
  );
  return {
    kind: 'hook',
    route: `POST /v1/hooks/{source}, ${delivery}`,
    path,
    headers: headers as Record<string, string>,
    body: new Uint8Array(body),
    accepts: 1,
  };
}

function create(n: number): Omit<LoadRequest, 'headers'> {
  return {
    kind: 'create',
    route: 'POST /v1/customers/{id}/conversations',
    path: pathOf(n),
    body: JSON.stringify({ name: `Where is order ${n}?`, custom: { orderNum: n } }),
    accepts: 1,
  };
}

function bulk(n: number): Omit<LoadRequest, 'headers'> {
  const items = Array.from({ length: bulkItems }, (_, at) => ({
    customer: customer(n),
    name: `Item ${at} of ${n}`,
  }));
  const route = 'POST /v1/conversations/bulk';
  return {
    kind: 'bulk',
    route,
    path: '/v1/conversations/bulk',
    body: JSON.stringify(items),
    accepts: bulkItems,
  };
}

/** Of a customer whose creates and bulk items were asked for some time ago. */
function list(n: number): Omit<LoadRequest, 'headers'> {
  return {
    kind: 'list',
    route: 'GET /v1/customers/{id}/conversations',
    path: pathOf(Math.max(0, n - 500)),
    accepts: 0,
  };
}

function pathOf(n: number): string {
  return `/v1/customers/${customer(n)}/conversations`;
}

/** Another one each hundred requests: the limit of creates a minute is not what is measured. */
function customer(n: number): string {
  return (0x58210c3d_0000 + Math.floor(n / 100)).toString(16).padStart(24, '0');
}
