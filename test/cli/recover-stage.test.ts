import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeMessage } from '../../functions/queue/draft-message.ts';
import { startLocalSystem, type LocalSystem } from '../../local/start-local-system.ts';
import { putReadyAssembly } from '../local/ready-assembly.ts';
import { nodeProcess } from './cli-process.ts';
import { hookMessage } from './dead-letters/letters.ts';
import { startStackServer, type StackServer } from './stack-server.ts';

// Each command is a process of its own, and the app may have to be synthesized.
jest.setTimeout(90_000);

/** A stage whose API and queues are those of a local system, behind a CloudFormation of its own. */
describe('with --stage', () => {
  let dataDir: string;
  let system: LocalSystem;
  let stackServer: StackServer;
  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'stage-'));
    await putReadyAssembly(dataDir);
    system = await startLocalSystem({ dataDir, port: 0 });
    const queues = Object.fromEntries(
      ['DraftsQueueUrl', 'DeadLettersUrl'].map((name) => [name, system.runtime.output(name)!]),
    );
    stackServer = await startStackServer({
      'conversation-intake-trial-stateful': queues,
      'conversation-intake-trial-api': { BaseUrl: system.url, OrganisationId: system.org },
      // Nothing listens there: a queue's URL is where it is asked.
      'conversation-intake-away-stateful': {
        DraftsQueueUrl: 'http://127.0.0.1:1/000000000000/drafts',
        DeadLettersUrl: 'http://127.0.0.1:1/000000000000/dead',
      },
      'conversation-intake-old-stateful': { DeadLettersUrl: queues['DeadLettersUrl']! },
    });
  });
  afterAll(async () => {
    await Promise.all([stackServer.stop(), system.close()]);
    await rm(dataDir, { recursive: true, force: true });
  });

  const command = (script: string, args: string[], env: Record<string, string> = {}) =>
    nodeProcess([`cli/${script}.ts`, ...args], {
      env: {
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        AWS_ENDPOINT_URL_CLOUDFORMATION: stackServer.url,
        INTAKE_DATA_DIR: join(dataDir, 'none'),
        ...env,
      },
    });
  const trial = ['--stage', 'trial'];

  it('dead letters are those of the stage, and are redriven there', async () => {
    await system.runtime.sqs.send(
      new SendMessageCommand({
        QueueUrl: system.runtime.output('DeadLettersUrl'),
        MessageBody: writeMessage(hookMessage('events', 'msg_1')),
      }),
    );
    const { stdout } = await command('dead-letters', ['list', ...trial]);
    expect(stdout).toMatch(/^1 dead letter\n\n {2}1 {2}events {2}given up after 5 receives\n/);
    const redriven = await command('dead-letters', ['redrive', ...trial, '--yes', '--json']);
    expect(redriven).toMatchObject({ status: 0, stdout: '{"wanted":1,"moved":1,"twice":0}\n' });
  });

  it('deliveries are those of the stage, with a key of its own', async () => {
    const none = await command('deliveries', ['list', ...trial]);
    expect(none).toMatchObject({ status: 1, stdout: '' });
    expect(none.stderr).toMatch(
      /^A stage needs an API key, in INTAKE_KEY or with --key: npm run keys -- create --stage trial /,
    );
    const listed = { status: 0, stdout: 'There are no such deliveries.\n', stderr: '' };
    expect(await command('deliveries', ['list', ...trial, '--key', system.key])).toEqual(listed);
    expect(await command('deliveries', ['list', ...trial], { INTAKE_KEY: system.key })).toEqual(listed);
    const wrong = await command('deliveries', ['list', ...trial], { INTAKE_KEY: 'ci_wrong' });
    expect(wrong.status).toBe(1);
    expect(wrong.stderr).toMatch(/^The API key is refused: .* It needs org\.user\.hook\.read/);
  });

  it.each([
    ['dead-letters', 'none', 'There is no stack conversation-intake-none-stateful in this account'],
    ['deliveries', 'none', 'There is no stack conversation-intake-none-api in this account'],
    ['dead-letters', 'old', 'has no output DraftsQueueUrl: deploy it anew'],
  ])('%s of a stage that is not there, or too old, say so: %s', async (script, stage, reason) => {
    const { status, stdout, stderr } = await command(script, ['list', '--stage', stage]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr.split('\n')[0]).toContain(reason);
  });

  it('queues that are out of reach are said to be', async () => {
    const { status, stdout, stderr } = await command('dead-letters', ['list', '--stage', 'away']);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^\S.*ECONNREFUSED.*\n$/);
  });
});
