import {
  AlarmStatusWidget,
  Dashboard,
  TextWidget,
  TextWidgetBackground,
  type IAlarm,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { StageSettings } from '../stages.ts';
import { arrivalRows } from './arrival-rows.ts';
import { width, type Row } from './row.ts';
import { runbookLink } from './runbook.ts';
import { storageRows } from './storage-rows.ts';
import type { Watched } from './watched.ts';
import { workRows } from './work-rows.ts';

/** The dashboard of a stage, named `conversation-intake-<stage>`: the states of its alarms, then the way of an event. */
export function stageDashboard(
  scope: Construct,
  watched: Watched,
  settings: StageSettings,
  alarms: IAlarm[],
): Dashboard {
  const rows = [
    ...arrivalRows(watched, settings),
    ...workRows(watched, settings),
    ...storageRows(watched, settings),
  ];
  const dashboard = new Dashboard(scope, 'Dashboard', {
    dashboardName: `conversation-intake-${settings.stage}`,
    defaultInterval: Duration.hours(3),
  });
  dashboard.addWidgets(
    new TextWidget({
      markdown: head(settings),
      width,
      height: 2,
      background: TextWidgetBackground.TRANSPARENT,
    }),
  );
  dashboard.addWidgets(
    new AlarmStatusWidget({ title: 'Alarms', alarms, width, height: Math.ceil(alarms.length / 6) + 1 }),
  );
  for (const { title, runbooks, widgets } of rows) {
    dashboard.addWidgets(
      new TextWidget({
        markdown: `## ${title}\n${linksTo(runbooks)}`,
        width,
        height: 2,
        background: TextWidgetBackground.TRANSPARENT,
      }),
    );
    dashboard.addWidgets(...widgets);
  }
  return dashboard;
}

function head({ stage, destination }: StageSettings): string {
  const where = destination.kind === 'kustomer' ? `relayed to ${destination.baseUrl}` : 'kept in DynamoDB';
  return `# conversation-intake, ${stage}\nConversations are ${where}. From top to bottom: the way of an event.`;
}

function linksTo(runbooks: Row['runbooks']): string {
  return runbooks.map((runbook) => `[${runbook}](${runbookLink(runbook)})`).join(' · ');
}
