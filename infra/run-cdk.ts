/**
 * Runs the AWS CDK for one stage: npm run synth|diff|deploy -- [--stage <name>] [any option of the CDK].
 */
import { spawn } from 'node:child_process';
import { checkedSettings } from './check-settings.ts';
import { refusal } from './deploy/refusal.ts';
import { stages, stageSettings } from './stages.ts';

const [command = '', ...given] = process.argv.slice(2);
const names = Object.keys(stages).join(', ');

if (given.includes('--help')) {
  console.log(`npm run ${command} -- [--stage <name>] [options of cdk ${command}]
Stages (infra/stages.ts): ${names}; dev when none is given.`);
} else {
  const { value: stage, rest: options } = taken('--stage', given);
  if (command === 'deploy' && !given.includes('--stage')) {
    fail(`Say which stage: npm run deploy -- --stage <name>, one of ${names}`);
  } else {
    await run(stage ?? (given.includes('--stage') ? '' : 'dev'), options);
  }
}

async function run(stage: string, options: string[]): Promise<void> {
  let settings;
  try {
    settings = checkedSettings(stageSettings(stage));
  } catch (error) {
    return fail((error as Error).message);
  }
  const { value: profile } = taken('--profile', options);
  const refused = command === 'synth' ? undefined : await refusal(settings, profile);
  if (command === 'deploy' && refused !== undefined) return fail(`${refused}\nNothing was deployed.`);
  await runCdk([...(command === 'deploy' ? ['--all'] : []), '--context', `stage=${stage}`, ...options]);
  if (refused !== undefined) console.error(`\nA deployment would be refused.\n${refused}`);
}

function runCdk(options: string[]): Promise<void> {
  const cdk = spawn('cdk', [command, ...options], { stdio: 'inherit' });
  return new Promise((resolve) => {
    cdk.once('error', ({ message }) => {
      fail(`The AWS CDK did not start (${message}). Run npm ci first.`);
      resolve();
    });
    cdk.once('close', (code) => {
      process.exitCode = code ?? 1;
      resolve();
    });
  });
}

/** The value of an option, and the arguments without both. */
function taken(option: string, from: string[]): { value: string | undefined; rest: string[] } {
  const at = from.indexOf(option);
  return at < 0 ? { value: undefined, rest: from } : { value: from[at + 1], rest: from.toSpliced(at, 2) };
}

function fail(message: string): void {
  console.error(message);
  process.exitCode = 1;
}
