import { setTimeout as delay } from 'node:timers/promises';
import { causeOf } from '../cause-of.ts';
import { UsageError } from '../run-command.ts';

/** A delivery as the API shows it; `headers` and `body` only when it stands by itself. */
export interface DeliveryResource {
  type: 'delivery';
  id: string;
  attributes: {
    source: string;
    verdict: string;
    receivedAt: string;
    attempts: number;
    conversation: string | null;
    error: string | null;
    size: number;
    headers?: Record<string, string>;
    body?: string | null;
  };
}

/** Which deliveries of a source. Times are RFC 3339. */
export interface DeliveryFilter {
  verdict?: string;
  from?: string;
  to?: string;
}

/** What became of the deliveries that a replay reached; of a dry run, what would. */
export interface ReplayCounts {
  matched: number;
  queued: number;
  repeated: number;
  ignored: number;
  rejected: number;
  failed: number;
}

/** What the API refused: its status, and its titles as the message. */
export class Refused extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Milliseconds before each repetition of a request that met a failure which may pass: all of these requests may be repeated. */
const pauses = [300, 1500, 5000];
/** Milliseconds: longer than any function takes. */
const patience = 35_000;

/** The routes for webhooks' deliveries: docs/api.md. */
export class HooksApi {
  readonly #url: string;
  readonly #key: string;
  readonly #pauses: readonly number[];

  constructor({ url, key }: { url: string; key: string }, pausesBefore: readonly number[] = pauses) {
    this.#url = url;
    this.#key = key;
    this.#pauses = pausesBefore;
  }

  /** A page, newest first, of at most 100; `next` is what gives the page after it, null at the end. */
  async list(
    source: string,
    filter: DeliveryFilter & { pageSize: number },
    next?: string,
  ): Promise<{ deliveries: DeliveryResource[]; next: string | null }> {
    const query = new URLSearchParams({ ...filter, pageSize: String(filter.pageSize) });
    const { body } = await this.#send('GET', next ?? `/v1/hooks/${source}/deliveries?${query}`);
    const { data, links } = body as { data: DeliveryResource[]; links: { next: string | null } };
    return { deliveries: data, next: links.next };
  }

  /** One delivery with what it brought; undefined when there is none, or no such source. */
  async find(source: string, id: string): Promise<DeliveryResource | undefined> {
    try {
      const { body } = await this.#send('GET', pathOf(source, id));
      return (body as { data: DeliveryResource }).data;
    } catch (error) {
      if (error instanceof Refused && error.status === 404) return undefined;
      throw error;
    }
  }

  /** Replays one. `again` is the Idempotency-Key under which a further conversation is asked for. Throws Refused when it cannot be done. */
  async replay(source: string, id: string, again?: string): Promise<DeliveryResource> {
    const path = `${pathOf(source, id)}/replay${again === undefined ? '' : '?again=true'}`;
    const { body } = await this.#send('POST', path, {
      ...(again !== undefined && { headers: { 'idempotency-key': again } }),
    });
    return (body as { data: DeliveryResource }).data;
  }

  /** Replays up to `limit` of a source, or tells what would become of them; `cursor` goes on, null is the end. */
  async replayMany(
    source: string,
    request: DeliveryFilter & { limit: number; dryRun: boolean; cursor?: string },
  ): Promise<{ counts: ReplayCounts; next: string | null }> {
    const { body } = await this.#send('POST', `/v1/hooks/${source}/replay`, { json: request });
    const { next, matched, queued, repeated, ignored, rejected, failed } = (
      body as { data: { attributes: ReplayCounts & { next: string | null } } }
    ).data.attributes;
    return { counts: { matched, queued, repeated, ignored, rejected, failed }, next };
  }

  async #send(
    method: string,
    path: string,
    { json, headers = {} }: { json?: unknown; headers?: Record<string, string> } = {},
  ): Promise<{ status: number; body: unknown }> {
    for (let tries = 0; ; tries++) {
      const answer = await fetch(this.#url + path, {
        method,
        headers: {
          authorization: `Bearer ${this.#key}`,
          ...(json !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(json !== undefined && { body: JSON.stringify(json) }),
        redirect: 'manual',
        signal: AbortSignal.timeout(patience),
      })
        .then(async (response) => ({ status: response.status, text: await response.text() }))
        .catch((error: unknown) => ({ status: 0, text: causeOf(error) }));
      const { status, text } = answer;
      if (status >= 200 && status < 300) return { status, body: JSON.parse(text) as unknown };
      const mayPass = status === 0 || status === 429 || status >= 500;
      const pause = this.#pauses[tries];
      if (!mayPass || pause === undefined) throw refusalOf(status, text, this.#url);
      await delay(pause);
    }
  }
}

function pathOf(source: string, id: string): string {
  return `/v1/hooks/${source}/deliveries/${encodeURIComponent(id)}`;
}

function refusalOf(status: number, text: string, url: string): Error {
  if (status === 0) return new Error(`${url} gives no answer: ${text}`);
  const titles = titlesIn(text);
  if (status === 401 || status === 403)
    return new UsageError(
      `The API key is refused: ${titles}. It needs org.user.hook.read, and org.user.hook.write for a replay`,
    );
  return new Refused(status, `${status} ${titles}`);
}

function titlesIn(text: string): string {
  try {
    const { errors = [] } = JSON.parse(text) as { errors?: { title: string }[] };
    return errors.map(({ title }) => title).join('; ') || text.slice(0, 200);
  } catch {
    return text.slice(0, 200);
  }
}
