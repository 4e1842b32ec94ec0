import { App, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { checkedSettings } from './check-settings.ts';
import { costTag, costTagOf } from './constructs/monthly-budget.ts';
import { stageSettings } from './stages.ts';
import { ApiStack } from './stacks/api-stack.ts';
import { MonitoringStack } from './stacks/monitoring-stack.ts';
import { StatefulStack } from './stacks/stateful-stack.ts';

const app = new App();
const stage = String(app.node.tryGetContext('stage') ?? 'dev');
// The local run relays the stage it runs when it is told to.
const baseUrl = app.node.tryGetContext('kustomerBaseUrl') as string | undefined;
const settings = {
  ...checkedSettings(stageSettings(stage)),
  ...(baseUrl !== undefined && { destination: { kind: 'kustomer' as const, baseUrl } }),
};

const stateful = new StatefulStack(app, `conversation-intake-${stage}-stateful`, { settings });
const api = new ApiStack(app, `conversation-intake-${stage}-api`, { settings, stateful });
new MonitoringStack(app, `conversation-intake-${stage}-monitoring`, { settings, stateful, api });

Tags.of(app).add('application', 'conversation-intake');
Tags.of(app).add('stage', stage);
Tags.of(app).add(costTag, costTagOf(settings));
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
