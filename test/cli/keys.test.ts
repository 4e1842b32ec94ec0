import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalSystem, type LocalSystem } from '../../local/start-local-system.ts';
import { author, customer, objectId, stranger } from '../conversations/asked.ts';
import { keysCommand, type ListedKey, type MadeKey } from './keys-command.ts';
import { mistypedRules } from './mistyped-rules.ts';

// Each command is a process of its own, and the first one synthesizes the app.
jest.setTimeout(60_000);

const forAuthor = ['create', '--org', author.org, '--user', author.user];
const list = `/v1/customers/${customer}/conversations`;
const dayMs = 24 * 60 * 60 * 1000;

describe('npm run keys', () => {
  let dataDir: string;
  beforeAll(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'keys-'));
  });
  afterAll(() => rm(dataDir, { recursive: true, force: true }));

  const keys = (...args: string[]) => keysCommand(dataDir, ...args);
  /** The JSON that a command printed, and nothing else. */
  async function json<Printed>(...args: string[]): Promise<Printed> {
    const { status, stdout, stderr } = await keys(...args, '--json');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    return JSON.parse(stdout) as Printed;
  }
  const make = (...more: string[]) => json<MadeKey>(...forAuthor, ...more);
  const listed = async (id: string) => (await json<ListedKey[]>('list')).find((each) => each.id === id);

  mistypedRules({
    command: 'keys',
    dataDir: () => dataDir,
    mistyped: [
      [['mint'], 'There is no command mint'],
      [['create'], 'create needs --org'],
      [['create', '--org', author.org.toUpperCase(), '--user', author.user, '--role', 'org'], '--org'],
      [['create', '--org', author.org, '--role', 'org'], 'create needs --user'],
      [[...forAuthor], 'at least one --role'],
      [[...forAuthor, '--role', 'org', '--role', 'org..user'], '--role org..user'],
      [[...forAuthor, '--role', 'org', '--expires', '0'], '--expires'],
      [[...forAuthor, 'more', '--role', 'org'], 'create takes no more'],
      [['list', '--all'], "'--all'"],
      [['revoke'], 'revoke needs one key id'],
    ],
    help: {
      args: ['create', '--help'],
      shown: ['npm run keys -- create --org', 'org.permission.conversation.create'],
    },
  });

  describe('while no local system runs', () => {
    it('says that there are no keys before any was made', async () => {
      expect(await keys('list')).toMatchObject({ status: 0, stdout: 'There are no keys.\n' });
    });

    it('shows a new key once, and lists it ever after without its secret', async () => {
      const created = await keys(...forAuthor, '--role', 'org.user', '--name', 'night import');
      expect(created).toMatchObject({ status: 0, stderr: '' });
      const [key = ''] = created.stdout.split('\n');
      const [, id = '', secret = ''] = /^ci_([0-9a-f]{24})_([\w-]{43})$/.exec(key) ?? [];
      expect(created.stdout).toContain(`Its id is ${id}`);
      expect(created.stdout.split(secret)).toHaveLength(2);
      for (const { stdout } of [await keys('list'), await keys('list', '--json')]) {
        expect(stdout).toContain(id);
        expect(stdout).toContain('night import');
        expect(stdout).not.toContain(secret);
        expect(stdout).not.toMatch(/[0-9a-f]{64}|secretHash/i);
      }
    });

    it('keeps what it was told of a key, and lists each organisation on its own', async () => {
      const before = Date.now();
      const { id } = await make(
        '--role',
        'org.user',
        '--role',
        'org.hooks',
        '--expires',
        '30',
        '--name',
        'n',
      );
      const { expiresAt, ...rest } = (await listed(id))!;
      expect(rest).toMatchObject({
        ...author,
        id,
        state: 'live',
        roles: ['org.user', 'org.hooks'],
        name: 'n',
      });
      const expires = Date.parse(expiresAt ?? '');
      expect(expires).toBeGreaterThanOrEqual(before + 30 * dayMs);
      expect(expires).toBeLessThanOrEqual(Date.now() + 30 * dayMs);
      const { org, user } = stranger;
      const theirs = await json<MadeKey>('create', '--org', org, '--user', user, '--role', 'org');
      const ofStranger = await json<ListedKey[]>('list', '--org', org);
      expect(ofStranger.map((each) => each.id)).toEqual([theirs.id]);
    });

    it('revokes a key once, and keeps it in the list', async () => {
      const { id } = await make('--role', 'org');
      const first = await json<{ id: string; revokedAt: string }>('revoke', id);
      expect(first).toEqual({ id, revokedAt: expect.stringMatching(/Z$/) });
      expect(await json('revoke', id)).toEqual(first);
      expect(await listed(id)).toMatchObject({ state: 'revoked', revokedAt: first.revokedAt });
      expect((await keys('list')).stdout).toMatch(new RegExp(`${id} +revoked`));
    });

    it('cannot revoke a key that is not there', async () => {
      const { status, stderr } = await keys('revoke', objectId(1));
      expect(status).toBe(1);
      expect(stderr).toContain(`There is no key ${objectId(1)}`);
    });
  });

  describe('while the local system runs', () => {
    let system: LocalSystem;
    let madeBefore: MadeKey;
    beforeAll(async () => {
      madeBefore = await make('--role', 'org');
      system = await startLocalSystem({ dataDir, port: 0 });
    });
    afterAll(() => system.close());

    const ask = async (key: string, method = 'GET', body?: string): Promise<number> => {
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
      const response = await fetch(system.url + list, {
        method,
        headers,
        ...(body !== undefined && { body }),
      });
      await response.text();
      return response.status;
    };

    it('serves a key that was made before it started', async () => {
      expect(await ask(madeBefore.key)).toBe(200);
    });

    it('serves a new key at once, with its roles and no other', async () => {
      const reader = await make('--role', 'org.user.conversation.read');
      expect([await ask(reader.key), await ask(reader.key, 'POST', '{}')]).toEqual([200, 403]);
      const writer = await make('--role', 'org.permission.conversation.create');
      expect([await ask(writer.key), await ask(writer.key, 'POST', '{}')]).toEqual([403, 201]);
      const all = await make('--role', 'org');
      expect([await ask(all.key), await ask(all.key, 'POST', '{}')]).toEqual([200, 201]);
    });

    it('lists the key that the local system made for itself', async () => {
      const names = (await json<ListedKey[]>('list')).map(({ name }) => name);
      expect(names).toContain('development key of the local run');
    });

    it('refuses a key that was revoked before it was ever used', async () => {
      const { key, id } = await make('--role', 'org');
      await json('revoke', id);
      expect(await ask(key)).toBe(401);
    });
  });

  it('says that the data folder cannot be written, when it cannot', async () => {
    const file = join(dataDir, 'file');
    writeFileSync(file, '');
    const { status, stderr } = await keysCommand(join(file, 'folder'), 'list');
    expect(status).toBe(1);
    expect(stderr).toContain('cannot be written');
  });
});
