import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { BUNDLING_STACKS } from 'aws-cdk-lib/cx-api';
import { rmSync } from 'node:fs';
import { ApiStack } from '../../infra/stacks/api-stack.ts';
import { MonitoringStack } from '../../infra/stacks/monitoring-stack.ts';
import { StatefulStack } from '../../infra/stacks/stateful-stack.ts';
import { stageSettings, type StageSettings } from '../../infra/stages.ts';

/** A resource of a template. */
interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
}

/** A stage's templates, as CloudFormation gets them. */
export interface SynthesizedStage {
  stateful: Template;
  api: Template;
  monitoring: Template;
  /** All resources of a type in one of the templates, by the name they have in the code: without CDK's hash. */
  resources(template: Template, type: string): Record<string, Resource>;
}

/**
 * Synthesizes a stage, with `more` of its settings, without the functions' bundles and the checks of its templates that every
 * synth makes.
 */
export function synthesized(stage: string, more: Partial<StageSettings> = {}): SynthesizedStage {
  const app = new App({
    builtinCloudFormationValidation: false,
    context: { [BUNDLING_STACKS]: [] },
  });
  const settings = { ...stageSettings(stage), ...more };
  const stateful = new StatefulStack(app, 'stateful', { settings });
  const api = new ApiStack(app, 'api', { settings, stateful });
  const monitoring = new MonitoringStack(app, 'monitoring', { settings, stateful, api });
  const templates = {
    stateful: Template.fromStack(stateful),
    api: Template.fromStack(api),
    monitoring: Template.fromStack(monitoring),
  };
  rmSync(app.outdir, { recursive: true });
  return {
    ...templates,
    resources: (template, type) => {
      const found = template.findResources(type) as Record<string, Resource>;
      return Object.fromEntries(Object.entries(found).map(([id, resource]) => [nameOf(id), resource]));
    },
  };
}

/** One permission of a role: an action on a resource, the latter as a person would name it. */
export type Permission = readonly [action: string, resource: string];

/** Every permission of each role by the role's name, sorted; all of them are allowances. */
export function permissionsOf(stage: SynthesizedStage): Record<string, Permission[]> {
  const roles: Record<string, Permission[]> = {};
  for (const { Properties } of Object.values(stage.resources(stage.api, 'AWS::IAM::Policy'))) {
    const { Statement } = Properties['PolicyDocument'] as { Statement: Statement[] };
    for (const role of Properties['Roles'] as { Ref: string }[]) {
      const permissions = (roles[nameOf(role.Ref)] ??= []);
      for (const { Action, Effect, Resource, ...rest } of Statement) {
        if (Effect !== 'Allow' || Object.keys(rest).length > 0) throw new Error('An unexpected statement');
        for (const action of [Action].flat()) {
          for (const resource of [Resource].flat()) permissions.push([action, readable(resource)]);
        }
      }
    }
  }
  for (const permissions of Object.values(roles)) permissions.sort();
  return roles;
}

interface Statement {
  Action: string | string[];
  Effect: string;
  Resource: unknown;
}

/** `Conversations` for whatever names the table of that name, in this stack or another. */
export function readable(reference: unknown): string {
  if (typeof reference === 'string') return reference;
  const { Ref, ...functions } = reference as Record<string, unknown>;
  if (typeof Ref === 'string') return nameOf(Ref);
  if (functions['Fn::GetStackOutput']) {
    const { OutputName } = functions['Fn::GetStackOutput'] as { OutputName: string };
    return (
      /^PublishOutput(?:Ref|FnGetAtt)(.*?)[0-9A-F]{8}\D*[0-9A-F]{8}$/.exec(OutputName)?.[1] ?? OutputName
    );
  }
  if (Array.isArray(functions['Fn::GetAtt'])) return nameOf(String(functions['Fn::GetAtt'][0]));
  const [, imported] = /:ExportsOutput(?:Ref|FnGetAtt)(.*)$/.exec(String(functions['Fn::ImportValue'])) ?? [];
  if (imported !== undefined) return /^(.*?)[0-9A-F]{8}(?:Arn)?[0-9A-F]{8}$/.exec(imported)?.[1] ?? imported;
  const [, parts] = functions['Fn::Join'] as [string, unknown[]];
  return parts.map(readable).join('');
}

function nameOf(logicalId: string): string {
  return logicalId.replace(/[0-9A-F]{8}$/, '');
}
