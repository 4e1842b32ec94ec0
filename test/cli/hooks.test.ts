import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sources } from '../../functions/hooks/sources.ts';
import { startLocalSystem, type LocalSystem } from '../../local/start-local-system.ts';
import { putReadyAssembly } from '../local/ready-assembly.ts';
import { nodeProcess, root } from './cli-process.ts';
import { mistypedRules } from './mistyped-rules.ts';

// Each command is a process of its own, and the app may have to be synthesized.
jest.setTimeout(90_000);

const samples = join(root, 'docs/samples');

/** What `list --json` prints. */
interface ListedSource {
  source: string;
  sender: string;
  delivery: string;
  url?: string;
  secret: { output: string; arn?: string };
}

/** What `send --json` prints. */
interface Sent {
  url: string;
  answers: { status: number; milliseconds: number; body?: { data?: { attributes: { verdict: string } } } }[];
  results: { verdict: string; conversation?: string; reason?: string }[];
  conversations: { id: string; attributes?: { name: string; externalId?: string }; customer?: string }[];
}

describe('npm run hooks', () => {
  let dataDir: string;
  beforeAll(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'hooks-'));
  });
  afterAll(() => rm(dataDir, { recursive: true, force: true }));

  const hooks = (...args: string[]) =>
    nodeProcess(['cli/hooks.ts', ...args], { env: { INTAKE_DATA_DIR: dataDir } });
  /** The JSON that a command printed, and nothing else. */
  async function json<Printed>(...args: string[]): Promise<Printed> {
    const { status, stdout, stderr } = await hooks(...args, '--json');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    return JSON.parse(stdout) as Printed;
  }

  mistypedRules({
    command: 'hooks',
    dataDir: () => dataDir,
    mistyped: [
      [['make'], 'There is no command make'],
      [['constructor'], 'There is no command constructor'],
      [['new', 'a', '--repeat', '2'], 'new takes no --repeat'],
      [['list', 'github'], 'list takes no github'],
      [['list', '--secret', 'a'], 'list takes no --secret'],
      [['list', '--all'], "'--all'"],
      [['send'], 'send needs one source'],
      [['send', 'github-issues', 'more'], 'send needs one source'],
      [['send', 'gitlab'], 'There is no source gitlab: there are events, github-issues'],
      [['send', '__proto__'], 'There is no source __proto__'],
      [['send', 'github-issues', '--repeat', '0'], '--repeat takes a number from 1'],
      [['send', 'github-issues', '--repeat', '2.5'], '--repeat takes a number from 1'],
      [['send', 'github-issues', '--sample', 'none.json'], 'The sample none.json cannot be read'],
      [['send', 'github-issues', '--header', 'a'], '"a" is not a header'],
      [['send', 'github-issues', '--key', 'a'], '--key goes with --stage'],
    ],
    help: {
      args: ['send', '--help'],
      shown: ['npm run hooks -- new <name> --sender <sender>', 'standard-webhooks, stripe, twilio'],
    },
  });

  describe('while no local system runs', () => {
    it('lists the sources without a URL, makes nothing, and says so', async () => {
      const listed = await json<ListedSource[]>('list');
      expect(listed.map(({ source }) => source)).toEqual(Object.keys(sources));
      expect(listed).toContainEqual({
        source: 'github-releases',
        sender: 'github',
        delivery: 'queued',
        secret: { output: 'GithubReleasesSecret' },
      });
      expect((await hooks('list')).stdout).toContain('The local system does not run: npm start');
      expect(readdirSync(dataDir)).toEqual([]);
    });

    it('sends nothing', async () => {
      const { status, stderr } = await hooks('send', 'github-issues');
      expect(status).toBe(1);
      expect(stderr).toContain('The local system does not run: npm start');
    });

    it('takes what a killed one left for what it is', async () => {
      const gone = JSON.stringify({ url: 'http://127.0.0.1:1', key: 'k', org: 'o' });
      writeFileSync(join(dataDir, 'ready.json'), gone);
      expect((await hooks('list')).stdout).toContain('The local system does not run');
    });
  });

  describe('while the local system runs', () => {
    let system: LocalSystem;
    beforeAll(async () => {
      await putReadyAssembly(dataDir);
      system = await startLocalSystem({ dataDir, port: 0 });
    });
    afterAll(() => system.close());

    /** The sample of a source as another event, in a file of its own. */
    function sampleAs(source: string, change: (payload: never) => void): string {
      const payload = JSON.parse(readFileSync(join(samples, `${source}.json`), 'utf8')) as never;
      change(payload);
      const file = join(dataDir, `${source}.json`);
      writeFileSync(file, JSON.stringify(payload));
      return file;
    }

    it('lists each source with the URL that serves it, and where its secret is', async () => {
      const listed = await json<ListedSource[]>('list');
      for (const { source, url, secret } of listed) {
        expect(url).toBe(`${system.url}/v1/hooks/${source}`);
        expect(secret.arn).toBe(system.runtime.output(secret.output));
        expect(secret.arn).toMatch(/^arn:aws:secretsmanager:/);
      }
      const { stdout } = await hooks('list');
      expect(stdout).toMatch(/^github-issues +github +direct +http:\S+\/v1\/hooks\/github-issues$/m);
      expect(stdout).toMatch(/^ +secret: GithubIssuesSecret, arn:aws:secretsmanager:\S+$/m);
    });

    it('sends a sample as its sender would, and shows the one conversation that it makes', async () => {
      const { status, stdout, stderr } = await hooks('send', 'github-issues', '--repeat', '3');
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const statuses = [...stdout.matchAll(/^(\d+) +\d+ ms {2}\{.*"verdict":"(\w+)"/gm)];
      expect(statuses.map(([, code, verdict]) => [code, verdict])).toEqual([
        ['201', 'created'],
        ['200', 'repeated'],
        ['200', 'repeated'],
      ]);
      expect(stdout).toContain('  externalId  github-issue-');
    });

    it('sends the same event again with the next command', async () => {
      const [first, again] = [await json<Sent>('send', 'events'), await json<Sent>('send', 'events')];
      expect(again.conversations[0]?.id).toBe(first.conversations[0]?.id);
    });

    it('waits for a conversation that is queued', async () => {
      const { answers, conversations } = await json<Sent>('send', 'stripe-disputes');
      expect(answers.map(({ status }) => status)).toEqual([202]);
      expect(conversations[0]?.attributes?.externalId).toMatch(/^stripe-dispute-/);
    });

    it('sends another sample with the headers of the source’s own, and with those that it is given', async () => {
      const file = sampleAs('github-issues', (payload: { issue: { id: number; title: string } }) => {
        Object.assign(payload.issue, { id: 2, title: 'Another' });
      });
      const other = ['--sample', file, '--header', 'X-GitHub-Delivery: another'];
      const { answers, conversations } = await json<Sent>('send', 'github-issues', ...other);
      expect(answers[0]).toMatchObject({ status: 201, body: { data: { id: 'another' } } });
      expect(conversations[0]?.attributes?.name).toBe('Another');
    });

    it('says that an event is ignored, and why one is rejected', async () => {
      const ignored = await hooks('send', 'github-issues', '--header', 'x-github-event: star');
      expect(ignored).toMatchObject({ status: 0, stderr: '' });
      expect(ignored.stdout).toContain('Ignored: the source does not accept such an event.');
      const file = sampleAs('github-issues', (payload: { issue: object }) => {
        Object.assign(payload.issue, { title: null });
      });
      const args = ['--sample', file, '--header', 'x-github-delivery: untitled'];
      const rejected = await hooks('send', 'github-issues', ...args);
      expect(rejected.status).toBe(1);
      expect(rejected.stdout).toMatch(/^422 .*\/issue\/title/m);
    });

    it('fails when one was not taken, as with a secret that nobody has', async () => {
      const { status, stdout, stderr } = await hooks('send', 'github-issues', '--secret', 'wrong');
      expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
      expect(stdout).toMatch(/^401 /m);
      expect(stdout).toContain('Not signed with a secret that is live there.');
      expect(stdout).not.toContain('Conversation');
    });

    it('shows many as a summary, without a bar where there is no terminal', async () => {
      const { status, stdout, stderr } = await hooks('send', 'pagerduty-incidents', '--repeat', '25');
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout).toMatch(/^25 sent: 1 × 201, 24 × 200; the slowest took \d+ ms$/m);
      expect(stdout.match(/^\d+ +\d+ ms/gm)).toBeNull();
      expect(stdout).toMatch(/^Conversation [0-9a-f]{24}$/m);
    });

    it('takes a secret from a file, and refuses one that cannot sign', async () => {
      const file = join(dataDir, 'secret');
      const arn = system.runtime.output('EventsSecret')!;
      const { value } = (await system.runtime.secrets.get(arn.split(':').pop()!))!;
      writeFileSync(file, `${value}\n`);
      expect((await json<Sent>('send', 'events', '--secret', `@${file}`)).answers[0]?.status).toBe(202);
      const refused = [
        [`whpk_${Buffer.alloc(32).toString('base64')}`, 'sign with the private one'],
        ['whsec_*', 'It must be'],
        ['@none', 'The secret in none cannot be read'],
      ];
      for (const [secret = '', reason] of refused) {
        const { status, stderr } = await hooks('send', 'events', '--secret', secret);
        expect(status).toBe(1);
        expect(stderr.split('\n')[0]).toContain(reason);
      }
    });
  });
});
