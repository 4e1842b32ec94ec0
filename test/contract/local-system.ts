import { expect } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { mintApiKey, type ApiKeyOptions } from '../../functions/access/api-key.ts';
import { ApiKeysTable } from '../../functions/access/api-keys-table.ts';
import { openLocalAws } from '../../local/open-local-aws.ts';
import { author } from '../conversations/asked.ts';

const dataDir = process.env['CONTRACT_DATA_DIR'] ?? '';
const patience = 60_000;

/** The local system that test/global-setup.ts started: the real template, over HTTP. */
export interface LocalSystem {
  url: string;
  /** A key that may do everything. */
  key: string;
  org: string;
}

/** An answer, its body read as JSON. */
export interface Answer {
  status: number;
  headers: Headers;
  body: unknown;
}

/** What a request has besides its method and path. `json` is sent as JSON, `body` just as it is. */
export interface RequestOptions {
  key?: string | null;
  json?: unknown;
  body?: string | Buffer<ArrayBuffer>;
  headers?: Record<string, string>;
}

/** Resolves when the local system serves. Throws what it printed when it does not within a minute. */
export async function localSystem(): Promise<LocalSystem> {
  const ready = join(dataDir, 'ready.json');
  for (let waited = 0; !existsSync(ready); waited += 50) {
    if (waited > patience) throw new Error(readFileSync(join(dataDir, 'start.log'), 'utf8'));
    await setTimeout(50);
  }
  return JSON.parse(readFileSync(ready, 'utf8')) as LocalSystem;
}

/** Sends a request; with the key that may do everything, unless `key` is another or null for none. */
export async function send(
  method: string,
  path: string,
  { key, json, body, headers }: RequestOptions = {},
): Promise<Answer> {
  const system = await localSystem();
  const bearer = key === undefined ? system.key : key;
  const response = await fetch(new URL(path, system.url), {
    method,
    headers: {
      ...(bearer !== null && { authorization: `Bearer ${bearer}` }),
      ...(json !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(json !== undefined ? { body: JSON.stringify(json) } : body !== undefined && { body }),
  });
  const text = await response.text();
  expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  return { status: response.status, headers: response.headers, body: JSON.parse(text) };
}

/** A new key of the local system; of the published examples' organisation unless it says otherwise. */
export async function newKey(options: Partial<ApiKeyOptions>): Promise<string> {
  await localSystem();
  const aws = await openLocalAws(dataDir);
  try {
    const { key, record } = mintApiKey({ ...author, roles: ['org'], ...options });
    await new ApiKeysTable(aws.dynamodb, aws.output('ApiKeysTable')).put(record);
    return key;
  } finally {
    await aws.close();
  }
}

/** The secret that deliveries to a source are signed with, by the source's name as the template writes it, e.g. `GithubIssues`. */
export async function signingSecret(source: string): Promise<string> {
  await localSystem();
  const secrets = JSON.parse(readFileSync(join(dataDir, 'secrets.json'), 'utf8')) as Record<
    string,
    { value: string }
  >;
  const name = Object.keys(secrets).find((each) => each.startsWith(`${source}HookSecret`)) ?? '';
  return secrets[name]?.value ?? '';
}

/** Asks again until `isThere` takes the answer, at most for 20 s; resolves to that answer. */
export async function eventually(
  ask: () => Promise<Answer>,
  isThere: (answer: Answer) => boolean,
): Promise<Answer> {
  const until = performance.now() + 20_000;
  for (;;) {
    const answer = await ask();
    if (isThere(answer)) return answer;
    if (performance.now() > until) throw new Error(`Still ${answer.status} after 20 s`);
    await setTimeout(50);
  }
}
