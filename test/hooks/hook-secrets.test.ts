import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hookSecrets } from '../../functions/hooks/hook-secrets.ts';
import type { Key } from '../../functions/hooks/keys.ts';
import { hmacSha256, type Scheme } from '../../functions/hooks/scheme.ts';
import { SecretsFile } from '../../local/secrets/secrets-file.ts';
import { startSecretsServer, type SecretsServer } from '../../local/secrets/secrets-server.ts';

const signed = { kind: 'signature', headers: [], form: 'one', encoding: 'hex', signed: ['body'] } as const;
const scheme: Scheme = { ...signed, methods: [hmacSha256('')] };
/** A scheme whose keys are base64: not every text is one. */
const strictScheme: Scheme = { ...signed, methods: [{ ...hmacSha256(''), key: 'base64' }] };

/** The text that a key for an HMAC is made of. */
function textOf(key: Key): string {
  if (key.kind !== 'signature' || Buffer.isBuffer(key.key)) throw new Error('It is no key for an HMAC');
  return key.key.export().toString();
}

describe('the secrets of the sources', () => {
  let folder: string;
  let file: SecretsFile;
  let server: SecretsServer;
  let client: SecretsManagerClient;
  let requests: number;
  let time: number;
  let keysOf: ReturnType<typeof hookSecrets>;
  const secretsOf = async (source: string) => (await keysOf(source, scheme)).map(textOf);
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hook-secrets-'));
    file = new SecretsFile(join(folder, 'secrets.json'));
    server = await startSecretsServer(file);
    server.serve(new Set(['issues', 'valueless']));
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    client = new SecretsManagerClient({ endpoint: server.url, region: 'us-east-1', credentials });
    client.middlewareStack.add(
      (next) => (args) => {
        requests += 1;
        return next(args);
      },
      { step: 'initialize' },
    );
  });
  beforeEach(() => {
    requests = 0;
    time = Date.UTC(2020, 0, 1);
    const arns = { issues: 'issues', valueless: 'valueless', missing: 'missing' };
    keysOf = hookSecrets(client, arns, () => time);
  });
  afterAll(async () => {
    client.destroy();
    await server.stop();
    await rm(folder, { recursive: true });
  });

  it.each([
    ['a text', 'first', ['first']],
    ['a text with blanks and a line end', ' first \n', [' first \n']],
    ['a list of texts', '["first", "second"]', ['first', 'second']],
    ['a list with empty and other things in it', '["", "first", 5, null, ["x"]]', ['first']],
    ['an empty list', '[]', []],
    ['an object, which is a text like any other', '{"a":"b"}', ['{"a":"b"}']],
  ])('are read from %s', async (_, value, secrets) => {
    await file.put('issues', value);
    expect(await secretsOf('issues')).toEqual(secrets);
  });

  it('that cannot be a key of the scheme count as none, and stop no other', async () => {
    await file.put('issues', '["not base64!", "c2Vjb25k"]');
    const [key, ...others] = await keysOf('issues', strictScheme);
    expect(others).toEqual([]);
    expect(key && textOf(key)).toBe('second');
  });

  it('are made keys once, not for each delivery', async () => {
    await file.put('issues', 'first');
    const keys = await keysOf('issues', scheme);
    expect(await keysOf('issues', scheme)).toBe(keys);
  });

  it('are never told when their value looks like a list and is none', async () => {
    await file.put('issues', '[topsecret');
    const told = await secretsOf('issues').then(
      () => '',
      (error: unknown) => String(error),
    );
    expect(told).not.toContain('topsecret');
  });

  it('are asked for once a minute, and a changed one is taken up then', async () => {
    await file.put('issues', 'first');
    await secretsOf('issues');
    await file.put('issues', '["second", "first"]');
    time += 59_999;
    expect(await secretsOf('issues')).toEqual(['first']);
    expect(requests).toBe(1);
    time += 1;
    expect(await secretsOf('issues')).toEqual(['second', 'first']);
    expect(requests).toBe(2);
  });

  it.each(['', 'unknown', 'constructor', '__proto__'])(
    'are none for the source "%s", without asking',
    async (source) => {
      expect(await secretsOf(source)).toEqual([]);
      expect(requests).toBe(0);
    },
  );

  it.each(['missing', 'valueless'])(
    'throw what Secrets Manager throws, each time anew: %s',
    async (source) => {
      for (const count of [1, 2]) {
        await expect(secretsOf(source)).rejects.toThrow(/can't find/);
        expect(requests).toBe(count);
      }
    },
  );
});
