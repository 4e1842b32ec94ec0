import { expect, it } from '@jest/globals';
import { App, Validations } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { BUNDLING_STACKS } from 'aws-cdk-lib/cx-api';
import { AwsSolutionsChecks } from 'cdk-nag';
import { rmSync } from 'node:fs';
import { ApiStack } from '../../infra/stacks/api-stack.ts';
import { MonitoringStack } from '../../infra/stacks/monitoring-stack.ts';
import { StatefulStack } from '../../infra/stacks/stateful-stack.ts';
import { stageSettings, type StageSettings } from '../../infra/stages.ts';

/** A stage's stacks as `npm run synth` makes them, with cdk-nag's checks and without the bundles; `more` of what it has. */
function synth(more: Partial<StageSettings>, add?: (monitoring: MonitoringStack) => void): () => void {
  const app = new App({ builtinCloudFormationValidation: false, context: { [BUNDLING_STACKS]: [] } });
  const settings = { ...stageSettings('prod'), ...more };
  const stateful = new StatefulStack(app, 'stateful', { settings });
  const api = new ApiStack(app, 'api', { settings, stateful });
  const monitoring = new MonitoringStack(app, 'monitoring', { settings, stateful, api });
  add?.(monitoring);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return () => {
    try {
      app.synth();
    } finally {
      rmSync(app.outdir, { recursive: true, force: true });
    }
  };
}

it.each<[string, Partial<StageSettings>]>([
  [
    'relays, and tells an address',
    {
      destination: { kind: 'kustomer', baseUrl: 'https://acme.api.kustomerapp.com' },
      alarmTarget: { email: 'on-call@example.com' },
    },
  ],
  ['tells a topic', { alarmTarget: { topicArn: 'arn:aws:sns:eu-west-1:123456789012:on-call' } }],
])(
  'a stage that %s breaks no rule of AWS Solutions',
  (_, more) => {
    expect(synth(more)).not.toThrow();
  },
  60_000,
);

it('a topic that takes what is not encrypted on its way is refused', () => {
  expect(synth({}, (monitoring) => new Topic(monitoring, 'Another'))).toThrow(/AwsSolutions-SNS3/);
}, 60_000);
