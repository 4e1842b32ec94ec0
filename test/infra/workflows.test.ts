import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildSync } from 'esbuild';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../..');
const workflows = join(root, '.github/workflows');
const files = readdirSync(workflows);
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}
interface Job {
  uses?: string;
  if?: string;
  needs?: string;
  environment?: string;
  permissions?: Record<string, string>;
  concurrency?: { group: string; 'cancel-in-progress': unknown };
  steps?: Step[];
}
interface Workflow {
  permissions?: Record<string, string>;
  concurrency?: Job['concurrency'];
  jobs: Record<string, Job>;
}

const textOf = (file: string) => readFileSync(join(workflows, file), 'utf8');
const read = (file: string) => parse(textOf(file)) as Workflow;
const jobsOf = (file: string) => Object.values(read(file).jobs);
const stepsOf = (file: string) => jobsOf(file).flatMap(({ steps = [] }) => steps);

describe('GitHub’s own parser of workflows', () => {
  const folder = mkdtempSync(join(tmpdir(), 'workflow-parser-'));
  let faultsIn: (name: string, content: string) => Promise<string[]>;
  beforeAll(() => {
    // It imports JSON in the way of bundlers, which Node does not take.
    const outfile = join(folder, 'workflow-parser.cjs');
    buildSync({
      entryPoints: ['@actions/workflow-parser'],
      absWorkingDir: root,
      bundle: true,
      platform: 'node',
      outfile,
    });
    const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } = createRequire(import.meta.url)(
      outfile,
    ) as typeof import('@actions/workflow-parser');
    faultsIn = async (name, content) => {
      const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
      if (value) await convertWorkflowTemplate(context, value);
      return context.errors.getErrors().map(({ message }) => message);
    };
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(files)('finds nothing wrong with %s', async (file) => {
    expect(await faultsIn(file, textOf(file))).toEqual([]);
  });

  it.each([
    ['runs-on', 'run-on'],
    ['contents: read', 'content: read'],
    ['needs: test', 'needs: tests'],
    ['vars.AWS_DIFF_ROLE !=', 'var.AWS_DIFF_ROLE !='],
    ['timeout-minutes: 15', 'timeout-minutes: soon'],
  ])('is heard: it finds that %s became %s', async (right, wrong) => {
    expect(textOf('deploy.yml')).toContain(right);
    expect(await faultsIn('deploy.yml', textOf('deploy.yml').replace(right, wrong))).not.toEqual([]);
  });
});

describe.each(files)('the workflow %s', (file) => {
  it('runs nothing but scripts of package.json, besides installing and what shows their output', () => {
    const ran = stepsOf(file).flatMap(({ run }) => (run === undefined ? [] : [run]));
    const called = ran.flatMap((run) => [...run.matchAll(/npm (?:run (?:--silent )?)?([\w:]+)/g)]);
    expect(called.length).toBeGreaterThan(1);
    for (const [, script] of called) expect(['ci', ...Object.keys(scripts)]).toContain(script);
    for (const run of ran) expect(run).toMatch(/npm |gh pr comment /);
  });

  it('uses actions in a version, and leaves no credentials with what it checks out', () => {
    for (const { uses, ...step } of stepsOf(file)) {
      if (uses === undefined) continue;
      expect(uses).toMatch(/^[\w-]+\/[\w-]+@(v\d+|[0-9a-f]{40})$/);
      if (uses.startsWith('actions/checkout@')) {
        expect(step.with).toMatchObject({ 'persist-credentials': false });
      }
    }
  });

  it('may do no more than it must: a token of AWS is for whoever takes a role', () => {
    const { permissions: all, jobs } = read(file);
    for (const { permissions = all, steps = [], uses } of Object.values(jobs)) {
      const takesRole = steps.some((step) => step.uses?.startsWith('aws-actions/') ?? false);
      const comments = steps.some(({ run }) => run?.includes('gh pr comment') ?? false);
      expect(permissions).toEqual({
        contents: 'read',
        ...(takesRole && { 'id-token': 'write' }),
        ...(comments && { 'pull-requests': 'write' }),
      });
      if (uses !== undefined) expect(files.map((name) => `./.github/workflows/${name}`)).toContain(uses);
    }
  });

  it('puts no text that others write into a command', () => {
    for (const { run = '' } of stepsOf(file)) expect(run).not.toContain('${{');
  });
});

describe('a deployment', () => {
  const { diff, test, deploy } = read('deploy.yml').jobs;

  it('is made of a tag alone, after checks and tests, and one at a time, to its end', () => {
    expect(test).toMatchObject({ if: expect.stringContaining("github.event_name == 'push'") });
    expect(textOf('deploy.yml')).toContain("  push:\n    tags: ['v*']\n");
    expect(deploy).toMatchObject({
      needs: 'test',
      environment: 'prod',
      concurrency: { group: 'deploy-prod', 'cancel-in-progress': false },
    });
  });

  it('takes a role that a variable of the repository names, and none where there is no variable', () => {
    for (const [job, role] of [
      [diff, 'AWS_DIFF_ROLE'],
      [deploy, 'AWS_DEPLOY_ROLE'],
    ] as const) {
      const roles = job!.steps!.flatMap((step) => step.with?.['role-to-assume'] ?? []);
      expect(roles).toEqual([`\${{ vars.${role} }}`]);
      expect(`${diff!.if} ${test!.if}`).toContain(`vars.${role} != ''`);
    }
  });

  it('is shown on no pull request of a fork, whose code would run with the role', () => {
    expect(diff!.if).toContain('github.event.pull_request.head.repo.full_name == github.repository');
  });
});
