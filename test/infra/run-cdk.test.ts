import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { statefulTemplate } from '../../infra/deploy/stateful-template.ts';
import type { StatefulTemplate } from '../../infra/deploy/lost-data.ts';
import { stageSettings } from '../../infra/stages.ts';
import { nodeProcess } from '../cli/cli-process.ts';
import { startTemplateServer, type TemplateServer } from './template-server.ts';

jest.setTimeout(60_000);

/** The commands of package.json, with a CDK that only tells how it was called, and a CloudFormation that knows one template. */
describe('npm run', () => {
  const folder = mkdtempSync(join(tmpdir(), 'run-cdk-'));
  const deployed = statefulTemplate(stageSettings('prod'));
  let cloudFormation: TemplateServer;
  beforeAll(async () => {
    cloudFormation = await startTemplateServer();
    writeFileSync(join(folder, 'cdk'), '#!/bin/sh\necho "cdk $*"\n');
    chmodSync(join(folder, 'cdk'), 0o755);
  });
  afterAll(async () => {
    await cloudFormation.stop();
    rmSync(folder, { recursive: true });
  });

  const run = (...args: string[]) =>
    nodeProcess(['infra/run-cdk.ts', ...args], {
      env: {
        PATH: `${folder}${delimiter}${process.env['PATH']}`,
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        AWS_MAX_ATTEMPTS: '1',
        AWS_ENDPOINT_URL_CLOUDFORMATION: cloudFormation.url,
      },
    });
  const stack = 'conversation-intake-prod-stateful';
  const loss = 'ConversationsBC91B70D (AWS::DynamoDB::GlobalTable) would no longer be part of the stack';
  /** As it is when code or settings no longer have what is deployed. */
  const withMore = (): StatefulTemplate => {
    const { ConversationsBC91B70D: conversations, ...rest } = deployed.Resources!;
    return { Resources: { ...rest, Conversations00000000: conversations! } };
  };

  it.each([
    ['first', undefined],
    ['another', deployed],
  ])('deploy makes the %s deployment of both stacks, with all options of the CDK', async (_, template) => {
    cloudFormation.serve(template && { [stack]: template });
    expect(await run('deploy', '--stage', 'prod', '--require-approval', 'never')).toEqual({
      status: 0,
      stdout: 'cdk deploy --all --context stage=prod --require-approval never\n',
      stderr: '',
    });
  });

  it('deploy refuses what would lose data, and does not start the CDK', async () => {
    cloudFormation.serve({ [stack]: withMore() });
    const { status, stdout, stderr } = await run('deploy', '--stage', 'prod');
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain(`Refused: prod keeps its data, and in ${stack}\n  Conversations00000000 (`);
    expect(stderr).toContain(loss.replace('ConversationsBC91B70D', 'Conversations00000000'));
    expect(stderr).toMatch(/Nothing was deployed\.\n$/);
  });

  it('deploy refuses when it cannot be told whether data would be lost', async () => {
    cloudFormation.serve('denied');
    const { status, stdout, stderr } = await run('deploy', '--stage', 'prod');
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toBe(
      `Refused: whether data would be lost cannot be told, since ${stack} cannot be read (not allowed)\nNothing was deployed.\n`,
    );
  });

  it('diff shows what would change, and that it would be refused', async () => {
    cloudFormation.serve({ [stack]: withMore() });
    const { status, stdout, stderr } = await run('diff', '--stage', 'prod');
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'cdk diff --context stage=prod\n' });
    expect(stderr).toMatch(/^\nA deployment would be refused\.\nRefused: prod keeps its data/);
  });

  it('diff and synth are of dev unless told, and synth asks AWS nothing', async () => {
    cloudFormation.serve(undefined);
    expect(await run('diff')).toMatchObject({
      status: 0,
      stdout: 'cdk diff --context stage=dev\n',
      stderr: '',
    });
    cloudFormation.serve('denied');
    expect(await run('synth', '--quiet')).toMatchObject({
      status: 0,
      stdout: 'cdk synth --context stage=dev --quiet\n',
      stderr: '',
    });
  });

  it.each([
    [['deploy'], 'Say which stage: npm run deploy -- --stage <name>, one of dev, prod'],
    [
      ['deploy', '--stage', 'production'],
      'There is no stage production in infra/stages.ts: there are dev, prod',
    ],
    [
      ['synth', '--stage', 'constructor'],
      'There is no stage constructor in infra/stages.ts: there are dev, prod',
    ],
  ])('%j is refused with a sentence', async (args, sentence) => {
    expect(await run(...args)).toEqual({ status: 1, stdout: '', stderr: `${sentence}\n` });
  });
});
