import { describe, expect, it, jest } from '@jest/globals';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { BUNDLING_STACKS } from 'aws-cdk-lib/cx-api';
import { AwsSolutionsChecks } from 'cdk-nag';
import { rmSync } from 'node:fs';
import { ApiStack } from '../../infra/stacks/api-stack.ts';
import { MonitoringStack } from '../../infra/stacks/monitoring-stack.ts';
import { StatefulStack } from '../../infra/stacks/stateful-stack.ts';
import { stageSettings, type StageSettings } from '../../infra/stages.ts';

jest.setTimeout(60_000);

/** Synthesizes what `make` makes, with the checks of `npm run check`. Throws an Error with all that they find. */
function check(make: (app: App) => void): void {
  const app = new App({ context: { [BUNDLING_STACKS]: [] }, builtinCloudFormationValidation: false });
  try {
    make(app);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    app.synth();
  } finally {
    rmSync(app.outdir, { recursive: true });
  }
}

const domain = {
  name: 'intake.example.com',
  certificateArn: 'arn:aws:acm:eu-central-1:123456789012:certificate/0f2c',
};
const mutualTls = { truststoreBucket: 'truststore', truststoreKey: 'authorities.pem' };
const destination = { kind: 'kustomer' as const, baseUrl: 'https://acme.api.kustomerapp.com' };

describe('cdk-nag has nothing to say', () => {
  it.each<[string, string, Partial<StageSettings>]>([
    ['dev', 'as it is', {}],
    ['dev', 'without any source', { sources: { only: [] } }],
    ['prod', 'with a relay', { destination }],
    [
      'prod',
      'with a topic for alarms',
      { alarmTarget: { topicArn: 'arn:aws:sns:eu-west-1:123456789012:on-call' } },
    ],
    [
      'prod',
      'with a relay, a domain with mutual TLS, a budget and canaries',
      {
        destination,
        domain: { ...domain, mutualTls },
        rollout: { canaryMinutes: 30 },
        monthlyBudget: 50,
        alarmTarget: { email: 'on-call@example.com' },
      },
    ],
  ])('of %s %s', (name, _, more) => {
    check((app) => {
      const settings = { ...stageSettings(name), ...more };
      const stateful = new StatefulStack(app, 'stateful', { settings });
      const api = new ApiStack(app, 'api', { settings, stateful });
      new MonitoringStack(app, 'monitoring', { settings, stateful, api });
    });
  });
});

it('cdk-nag is heard: a queue without encryption on its way stops the synthesis', () => {
  expect(() => check((app) => void new Queue(new Stack(app, 'stack'), 'Queue'))).toThrow('AwsSolutions-SQS4');
});
