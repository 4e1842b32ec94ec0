import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, runTemplate, type RunningTemplate } from './running-template.ts';
import { httpApi, lambdaFunction, type WrittenTemplate } from './written-assembly.ts';

jest.setTimeout(30_000);

let running: RunningTemplate | undefined;

afterEach(async () => {
  await running?.close();
  running = undefined;
});

/** A function that a route and a queue reach by its alias, which CodeDeploy moves; `alias` is the one that the route names. */
function template(alias = 'Live', queueTarget: unknown = { Ref: 'Live' }): WrittenTemplate {
  const { Integration0, ...api } = httpApi({ 'GET /version': 'Answer' });
  return {
    resources: {
      ...api,
      Integration0: {
        ...Integration0!,
        Properties: { ...Integration0!.Properties, IntegrationUri: { Ref: alias } },
      },
      Answer: lambdaFunction('answer'),
      VersionABC: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Answer' } } },
      Live: {
        Type: 'AWS::Lambda::Alias',
        Properties: {
          FunctionName: { Ref: 'Answer' },
          FunctionVersion: { 'Fn::GetAtt': ['VersionABC', 'Version'] },
          Name: 'live',
        },
      },
      OfNobody: { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: 'Nobody', Name: 'live' } },
      Functions: { Type: 'AWS::CodeDeploy::Application', Properties: { ComputePlatform: 'Lambda' } },
      Deployment: {
        Type: 'AWS::CodeDeploy::DeploymentGroup',
        Properties: { ApplicationName: { Ref: 'Functions' } },
      },
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: { EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] }, FunctionName: queueTarget },
      },
      Queue: { Type: 'AWS::SQS::Queue' },
    },
    outputs: { Queue: { Value: { Ref: 'Queue' } } },
    functions: {
      answer: `exports.handler = async (event) => {
        if (event.Records) console.log('got ' + event.Records[0].body);
        return { statusCode: 200, body: 'here' };
      };`,
    },
  };
}

describe('an alias', () => {
  test('leads a route and a queue to its function, and nothing of CodeDeploy is missed', async () => {
    running = await runTemplate(template());
    expect(await (await fetch(`${running.url}/version`)).text()).toBe('here');
    const QueueUrl = running.output('Queue');
    await running.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'by the queue' }));
    const log = join(running.dataDir, 'logs', 'Answer.log');
    await eventually(
      () => (existsSync(log) && readFileSync(log, 'utf8').includes('got by the queue')) || undefined,
    );
    expect(running.printed.filter((line) => line.startsWith('not run locally'))).toEqual([]);
  });

  test('may be named beside its function’s name', async () => {
    const named = {
      'Fn::Join': ['', [{ 'Fn::Select': [6, { 'Fn::Split': [':', { Ref: 'Live' }] }] }, ':live']],
    };
    running = await runTemplate(template('Live', named));
    expect(await (await fetch(`${running.url}/version`)).text()).toBe('here');
  });

  test('may be a version', async () => {
    running = await runTemplate(template('VersionABC'));
    expect(await (await fetch(`${running.url}/version`)).text()).toBe('here');
  });

  test('of no function of the template stops the start', async () => {
    await expect(runTemplate(template('OfNobody'))).rejects.toThrow(
      'it does not lead to a function of the template',
    );
  });

  test('that the template does not have stops the start', async () => {
    const other = { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Answer', 'Arn'] }, ':other']] };
    await expect(runTemplate(template('Live', other))).rejects.toThrow(
      'The event source mapping Mapping cannot run locally',
    );
  });
});
