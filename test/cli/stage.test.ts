import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sources } from '../../functions/hooks/sources.ts';
import { SecretsFile } from '../../local/secrets/secrets-file.ts';
import { startSecretsServer, type SecretsServer } from '../../local/secrets/secrets-server.ts';
import { startLocalSystem, type LocalSystem } from '../../local/start-local-system.ts';
import { putReadyAssembly } from '../local/ready-assembly.ts';
import { nodeProcess } from './cli-process.ts';
import { startStackServer, type StackServer } from './stack-server.ts';

// Each command is a process of its own, and the app may have to be synthesized.
jest.setTimeout(90_000);

const secretOutputs = Object.keys(sources).map(
  (source) => [source, `${source.replace(/(^|-)./g, (part) => part.slice(-1).toUpperCase())}Secret`] as const,
);

/** A stage whose API and secrets are those of a local system, behind a CloudFormation and a Secrets Manager of their own. */
describe('with --stage', () => {
  let dataDir: string;
  let system: LocalSystem;
  let secretsServer: SecretsServer;
  let stackServer: StackServer;
  let file: SecretsFile;
  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'stage-'));
    await putReadyAssembly(dataDir);
    system = await startLocalSystem({ dataDir, port: 0 });
    file = new SecretsFile(join(dataDir, 'secrets.json'));
    // One source is not deployed yet.
    const deployed = secretOutputs.filter(([source]) => source !== 'github-releases');
    const arns = Object.fromEntries(deployed.map(([, output]) => [output, system.runtime.output(output)!]));
    secretsServer = await startSecretsServer(file);
    secretsServer.serve(new Set(Object.values(arns).map((arn) => arn.split(':').pop()!)));
    stackServer = await startStackServer({
      'conversation-intake-trial-stateful': arns,
      'conversation-intake-trial-api': { BaseUrl: system.url, OrganisationId: system.org },
    });
  });
  afterAll(async () => {
    await Promise.all([secretsServer.stop(), stackServer.stop(), system.close()]);
    await rm(dataDir, { recursive: true, force: true });
  });

  const command = (args: string[], { input, key }: { input?: string; key?: string } = {}) =>
    nodeProcess(args, {
      ...(input !== undefined && { input }),
      env: {
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        AWS_ENDPOINT_URL_CLOUDFORMATION: stackServer.url,
        AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsServer.url,
        INTAKE_DATA_DIR: join(dataDir, 'none'),
        ...(key !== undefined && { INTAKE_KEY: key }),
      },
    });
  const hooks = (...args: string[]) => command(['cli/hooks.ts', ...args, '--stage', 'trial']);

  it.each(['hooks', 'secrets'])('%s says what is missing where AWS has no region', async (name) => {
    const none = { AWS_REGION: undefined, AWS_DEFAULT_REGION: undefined, AWS_CONFIG_FILE: '/dev/null' };
    const { status, stdout, stderr } = await nodeProcess([`cli/${name}.ts`, 'list', '--stage', 'trial'], {
      env: { ...none, INTAKE_DATA_DIR: join(dataDir, 'none') },
    });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain('AWS has no region here: set AWS_REGION');
  });

  it('the sources are listed with what is deployed, and where their secrets are', async () => {
    const { status, stdout, stderr } = await hooks('list', '--json');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const rows = JSON.parse(stdout) as { source: string }[];
    expect(rows.find(({ source }) => source === 'events')).toEqual({
      source: 'events',
      sender: 'standard-webhooks',
      delivery: 'queued',
      url: `${system.url}/v1/hooks/events`,
      secret: { output: 'EventsSecret', arn: system.runtime.output('EventsSecret') },
    });
    expect(rows.find(({ source }) => source === 'github-releases')).toEqual({
      source: 'github-releases',
      sender: 'github',
      delivery: 'queued',
      secret: { output: 'GithubReleasesSecret' },
    });
    expect((await hooks('list')).stdout).toMatch(/^github-releases +github +queued +not deployed yet$/m);
  });

  it('a sample is signed with the secret of the stage, and the conversation read with the key that is given', async () => {
    const none = await hooks('send', 'github-issues');
    expect(none).toMatchObject({ status: 0, stderr: '' });
    expect(none.stdout).toMatch(/^201 /m);
    const [, id = ''] = /^Conversation ([0-9a-f]{24})$/m.exec(none.stdout) ?? [];
    expect(none.stdout).toContain(`curl ${system.url}/v1/conversations/${id}`);
    expect(none.stdout).toContain('--key, or INTAKE_KEY');
    const args = ['cli/hooks.ts', 'send', 'github-issues', '--stage', 'trial'];
    for (const { stdout } of [
      await command([...args, '--key', system.key]),
      await command(args, { key: system.key }),
    ]) {
      expect(stdout).toContain('  externalId  github-issue-');
    }
    const wrong = await command(args, { key: 'ci_wrong' });
    expect(wrong).toMatchObject({ status: 0 });
    expect(wrong.stdout).toContain('(now it is 401)');
  });

  it('a secret is set there, and added to those there are', async () => {
    const set = (text: string, ...how: string[]) =>
      command(['cli/secrets.ts', 'set', 'typeform-responses', '--stage', 'trial', ...how], { input: text });
    const name = system.runtime.output('TypeformResponsesSecret')!.split(':').pop()!;
    expect(await set('topsecret-1')).toMatchObject({
      status: 0,
      stdout: 'The secret of typeform-responses is set. It is the only one. It is taken up within 60 s.\n',
    });
    expect((await file.get(name))?.value).toBe('topsecret-1');
    await set('topsecret-2', '--add');
    expect((await file.get(name))?.value).toBe('["topsecret-2","topsecret-1"]');
    const { stdout } = await command(['cli/secrets.ts', 'list', '--stage', 'trial']);
    expect(stdout).toMatch(/^typeform-responses +2 live, since /m);
    expect(stdout).toMatch(/^github-releases +not in what runs there yet$/m);
    expect(stdout).not.toContain('topsecret');
  });

  it.each([
    ['cli/hooks.ts', 'send'],
    ['cli/secrets.ts', 'set'],
  ])('a source that is not deployed has no secret: %s', async (script, name) => {
    const { status, stderr } = await command([script, name, 'github-releases', '--stage', 'trial'], {
      input: 'a',
    });
    expect(status).toBe(1);
    expect(stderr).toContain(
      'github-releases is not in what runs there yet: npm run deploy -- --stage trial',
    );
  });

  it.each([
    [['cli/hooks.ts', 'list'], 'conversation-intake-other-api'],
    [['cli/hooks.ts', 'send', 'events'], 'conversation-intake-other-api'],
    [['cli/secrets.ts', 'list'], 'conversation-intake-other-stateful'],
  ])('a stage that is not there is said to be missing: %j', async (args, stack) => {
    const { status, stdout, stderr } = await command([...args, '--stage', 'other']);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain(`There is no stack ${stack} in this account and region`);
  });

  it('the outputs are called as the template calls them', () => {
    for (const [, output] of secretOutputs) expect(system.runtime.output(output)).toMatch(/^arn:/);
  });
});
