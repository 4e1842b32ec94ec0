import { App } from 'aws-cdk-lib';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StatefulStack } from '../stacks/stateful-stack.ts';
import type { StageSettings } from '../stages.ts';
import type { StatefulTemplate } from './lost-data.ts';

/** The template of a stage's stateful stack as a deployment would have it, without its outputs. */
export function statefulTemplate(settings: StageSettings): StatefulTemplate {
  const { context } = JSON.parse(readFileSync(join(import.meta.dirname, '../../cdk.json'), 'utf8')) as {
    context: Record<string, unknown>;
  };
  const outdir = mkdtempSync(join(tmpdir(), 'stateful-'));
  try {
    const app = new App({
      outdir,
      context,
      analyticsReporting: false,
      builtinCloudFormationValidation: false,
    });
    const { artifactId } = new StatefulStack(app, 'stateful', { settings });
    return app.synth().getStackArtifact(artifactId).template as StatefulTemplate;
  } finally {
    rmSync(outdir, { recursive: true });
  }
}
