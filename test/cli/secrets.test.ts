import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sources } from '../../functions/hooks/sources.ts';
import { SecretsFile } from '../../local/secrets/secrets-file.ts';
import { startLocalSystem, type LocalSystem } from '../../local/start-local-system.ts';
import { putReadyAssembly } from '../local/ready-assembly.ts';
import { nodeProcess } from './cli-process.ts';
import { ed25519Pair } from './key-pair.ts';
import { mistypedRules } from './mistyped-rules.ts';

// Each command is a process of its own, and the app may have to be synthesized.
jest.setTimeout(90_000);

/** What `list --json` prints. */
interface ListedSecret {
  source: string;
  arn?: string;
  live: number;
  unusable: number;
  since?: string;
}

describe('npm run secrets', () => {
  let dataDir: string;
  beforeAll(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'secrets-'));
  });
  afterAll(() => rm(dataDir, { recursive: true, force: true }));

  const env = () => ({ INTAKE_DATA_DIR: dataDir });
  const secrets = (args: string[], input?: string) =>
    nodeProcess(['cli/secrets.ts', ...args], { env: env(), ...(input !== undefined && { input }) });
  const hooks = (...args: string[]) => nodeProcess(['cli/hooks.ts', ...args], { env: env() });
  const listed = async () => JSON.parse((await secrets(['list', '--json'])).stdout) as ListedSecret[];
  /** The value that a source's secret has. */
  async function valueOf(source: string): Promise<string | undefined> {
    const { arn = '' } = (await listed()).find((each) => each.source === source)!;
    return (await new SecretsFile(join(dataDir, 'secrets.json')).get(arn.split(':').pop()!))?.value;
  }

  mistypedRules({
    command: 'secrets',
    dataDir: () => dataDir,
    mistyped: [
      [['put'], 'There is no command put: there are set and list'],
      [['list', 'github-issues'], 'list takes no github-issues'],
      [['list', '--add'], 'list takes no --add'],
      [['set'], 'set needs one source'],
      [['set', 'github-issues', 'topsecret'], 'set needs one source'],
      [['set', 'gitlab'], 'There is no source gitlab: there are events'],
      [['set', 'github-issues', '--add', '--only', '--value', 'topsecret'], 'not both'],
      [['set', 'github-issues'], 'The secret is empty. It must be the text as the sender shows it.'],
      [['set', 'github-issues', '--value', ''], 'The secret is empty.'],
      [['set', 'events', '--value', 'whsec_topsecret!'], 'It must be whpk_ and then'],
      [['set', 'kustomer-api-key', '--value', 'top secret'], 'An API key is one word'],
      [['set', 'kustomer-api-key', '--add', '--value', 'topsecret'], 'set takes no --add for it'],
    ],
    help: { args: ['set', '--help'], shown: ['npm run secrets -- set <source>'] },
    secret: 'topsecret',
  });

  describe('while no local system runs', () => {
    beforeAll(() => putReadyAssembly(dataDir));

    it('says of each source that it has no secret before the first start', async () => {
      const { status, stdout } = await secrets(['list']);
      expect(status).toBe(0);
      for (const source of Object.keys(sources))
        expect(stdout).toMatch(new RegExp(`^${source} +none yet$`, 'm'));
    });

    it('takes one from standard input, without its line end, and never shows it', async () => {
      for (const input of ['topsecret-1', 'topsecret-1\n', 'topsecret-1\r\n']) {
        const { status, stdout, stderr } = await secrets(['set', 'github-issues'], input);
        expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
        expect(stdout).toBe('The secret of github-issues is set. It is the only one.\n');
        expect(await valueOf('github-issues')).toBe('topsecret-1');
      }
      const { stdout } = await secrets(['list']);
      expect(stdout).toMatch(/^github-issues +1 live, since \d{4}-/m);
      expect(stdout).not.toContain('topsecret');
    });

    it('takes no key for Kustomer where nothing is relayed', async () => {
      const { status, stderr } = await secrets(['set', 'kustomer-api-key', '--value', 'topsecret']);
      expect(status).toBe(1);
      expect(stderr).toContain('Nothing is relayed there');
    });

    it('keeps those there are with --add, the newest first, three at most, each once', async () => {
      const added = async (text: string) => {
        const { stdout } = await secrets(['set', 'github-issues', '--add'], text);
        expect(stdout).not.toContain('topsecret');
        return stdout;
      };
      expect(await added('topsecret-2')).toContain('2 are live, this one first.');
      expect(await added('topsecret-3')).toContain('3 are live, this one first.\n');
      expect(await added('topsecret-2')).toContain('3 are live, this one first.\n');
      expect(await added('topsecret-4')).toContain('The oldest is gone.');
      expect(JSON.parse((await valueOf('github-issues'))!)).toEqual([
        'topsecret-4',
        'topsecret-2',
        'topsecret-3',
      ]);
      expect((await listed()).find(({ source }) => source === 'github-issues')).toMatchObject({ live: 3 });
    });

    it.each([[[]], [['--only']]])('replaces them all with %j', async (how) => {
      await secrets(['set', 'github-issues', '--add'], 'topsecret-5');
      const { stdout } = await secrets(['set', 'github-issues', ...how, '--json'], 'topsecret-6');
      expect(JSON.parse(stdout)).toEqual({
        source: 'github-issues',
        arn: expect.stringMatching(/^arn:aws:secretsmanager:/),
        live: 1,
      });
      expect(await valueOf('github-issues')).toBe('topsecret-6');
    });
  });

  describe('while the local system runs', () => {
    const shared = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
    const asymmetric = ed25519Pair('base64', 'whpk_');
    let system: LocalSystem;
    beforeAll(async () => {
      await secrets(['set', 'events', '--value', asymmetric.secret]);
      await secrets(['set', 'events', '--value', shared, '--add']);
      system = await startLocalSystem({ dataDir, port: 0 });
    });
    afterAll(() => system.close());

    it('any of a source’s secrets has signed a good delivery, also a private key', async () => {
      const file = join(dataDir, 'private-key.pem');
      writeFileSync(file, asymmetric.signWith.export({ format: 'pem', type: 'pkcs8' }));
      for (const told of [[], ['--secret', `@${file}`], ['--secret', shared]]) {
        const { status, stdout } = await hooks('send', 'events', ...told);
        expect(stdout).toMatch(/^20[02] /m);
        expect(status).toBe(0);
      }
      const { status, stderr } = await hooks('send', 'github-issues', '--secret', `@${file}`);
      expect(status).toBe(1);
      expect(stderr).toContain('This sender does not sign with a private key');
    });

    it('a new one counts at once where none was asked for yet, and it is told when elsewhere', async () => {
      const { stdout } = await secrets(['set', 'typeform-responses'], 'topsecret-7');
      expect(stdout).toContain('It is taken up within 60 s.');
      expect(await hooks('send', 'typeform-responses', '--secret', 'topsecret-7')).toMatchObject({
        status: 0,
      });
    });
  });
});
