import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import type { Promised } from './load-check.ts';
import type { LoadRequest } from './load-requests.ts';

/** What some time of load came to. */
export interface LoadResult {
  /** Conversations that were promised. */
  accepted: number;
  /** Microseconds until the answer was read, by route. */
  latencies: Map<string, RecordableHistogram>;
  seconds: number;
}

/** A system that is down answers at once that it is: clients stop, rather than ask it as fast as they can. */
const mostErrors = 100;

/** Clients on one keep-alive connection each, which send the next request when the last is answered. */
export class LoadClients {
  /** What all answers so far promise. */
  readonly promised: Promised = { conversations: new Set(), jobs: new Map() };
  /** What was wrong with answers; once it is a hundred of them, nothing more is sent. */
  readonly errors: string[] = [];
  readonly #url: string;
  readonly #request: (n: number) => LoadRequest;
  readonly #clients: number;
  #sent = 0;

  /** @param request makes the n-th request of all, from 0 */
  constructor(url: string, request: (n: number) => LoadRequest, clients: number) {
    this.#url = url;
    this.#request = request;
    this.#clients = clients;
  }

  /** Sends for so long, and resolves when the last request is answered. */
  async run(milliseconds: number): Promise<LoadResult> {
    const latencies: LoadResult['latencies'] = new Map();
    let accepted = 0;
    const began = performance.now();
    const client = async (): Promise<void> => {
      while (performance.now() < began + milliseconds && this.errors.length < mostErrors) {
        const request = this.#request(this.#sent++);
        const sentAt = performance.now();
        const error = await this.#send(request);
        const microseconds = Math.round((performance.now() - sentAt) * 1000);
        if (error !== undefined) this.errors.push(error);
        else accepted += request.accepts;
        const histogram = latencies.get(request.route) ?? createHistogram();
        latencies.set(request.route, histogram);
        histogram.record(Math.max(1, microseconds));
      }
    };
    await Promise.all(Array.from({ length: this.#clients }, client));
    return { accepted, latencies, seconds: (performance.now() - began) / 1000 };
  }

  /** Notes what the answer promises; resolves to what is wrong with it. */
  async #send({ kind, path, headers, body, accepts }: LoadRequest): Promise<string | undefined> {
    try {
      const response = await fetch(this.#url + path, {
        headers,
        ...(body !== undefined && { method: 'POST', body }),
      });
      const text = await response.text();
      if (!response.ok) return `${path} was answered ${response.status}: ${text.slice(0, 200)}`;
      if (kind === 'list') return undefined;
      const { data } = JSON.parse(text) as { data: { id: string; attributes: { conversation?: string } } };
      if (kind === 'bulk') return void this.promised.jobs.set(data.id, accepts);
      return this.#promise(path, kind === 'hook' ? data.attributes.conversation : data.id, text);
    } catch (error) {
      return `${path} was not answered: ${String(error)}`;
    }
  }

  /** Each request asks for a conversation of its own: one that stands for two has lost one. */
  #promise(path: string, id: string | undefined, answer: string): string | undefined {
    const { conversations } = this.promised;
    if (id === undefined) return `${path} promised no conversation: ${answer.slice(0, 200)}`;
    if (conversations.has(id)) return `${path} promised conversation ${id}, which another was promised`;
    conversations.add(id);
    return undefined;
  }
}
