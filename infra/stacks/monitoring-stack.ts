import { CrossStackReferences, ReferenceStrength, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { alarmTopic } from '../monitoring/alarm-topic.ts';
import { apiAlarms } from '../monitoring/api-alarms.ts';
import { countEdgeThrottles } from '../monitoring/edge-throttles.ts';
import { functionAlarms } from '../monitoring/function-alarms.ts';
import { addAlarm } from '../monitoring/intake-alarm.ts';
import { queueAlarms } from '../monitoring/queue-alarms.ts';
import { sourceAlarms } from '../monitoring/source-alarms.ts';
import { stageDashboard } from '../monitoring/stage-dashboard.ts';
import { tableAlarms } from '../monitoring/table-alarms.ts';
import { watched } from '../monitoring/watched.ts';
import type { StageSettings } from '../stages.ts';
import type { StatefulStack } from './stateful-stack.ts';

/** Which stage, and the stacks that are watched. */
export interface MonitoringStackProps extends StackProps {
  settings: StageSettings;
  stateful: StatefulStack;
  api: Stack;
}

/** What tells whoever is on call: alarms, and the dashboard. */
export class MonitoringStack extends Stack {
  constructor(scope: Construct, id: string, { settings, stateful, api, ...props }: MonitoringStackProps) {
    super(scope, id, props);
    // A function that is removed must not have to wait for its alarm: docs/decisions/0022.
    CrossStackReferences.of(this).consume(ReferenceStrength.WEAK);
    const all = watched(api, stateful);
    countEdgeThrottles(this, all, settings.stage);
    const alarmsFor = { stage: settings.stage, topic: alarmTopic(this, settings) };
    const alarms = [
      ...queueAlarms(all, settings),
      ...apiAlarms(all, settings.stage),
      ...sourceAlarms(all, settings.stage),
      ...functionAlarms(all),
      ...tableAlarms(all),
    ].map((spec) => addAlarm(this, spec, alarmsFor));
    stageDashboard(this, all, settings, alarms);
  }
}
