/**
 * Runs the AWS CDK for one stage: npm run synth|diff|deploy -- [--stage <name>] [any option of the CDK].
 */
import { spawn } from 'node:child_process';
import { stages } from './stages.ts';

const [command = '', ...given] = process.argv.slice(2);
const at = given.indexOf('--stage');
const stage = at < 0 ? 'dev' : given[at + 1];
const options = at < 0 ? given : given.toSpliced(at, 2);

if (given.includes('--help')) {
  console.log(`npm run ${command} -- [--stage <name>] [options of cdk ${command}]
Stages (infra/stages.ts): ${Object.keys(stages).join(', ')}; dev when none is given.`);
} else if (command === 'deploy' && at < 0) {
  fail(`Say which stage: npm run deploy -- --stage <name>, one of ${Object.keys(stages).join(', ')}`);
} else if (stage === undefined || !Object.hasOwn(stages, stage)) {
  fail(`There is no stage ${stage} in infra/stages.ts: there are ${Object.keys(stages).join(', ')}`);
} else {
  const cdk = spawn(
    'cdk',
    [command, ...(command === 'deploy' ? ['--all'] : []), '--context', `stage=${stage}`, ...options],
    { stdio: 'inherit' },
  );
  cdk.once('error', ({ message }) => fail(`The AWS CDK did not start (${message}). Run npm ci first.`));
  cdk.once('close', (code) => {
    process.exitCode = code ?? 1;
  });
}

function fail(message: string): void {
  console.error(message);
  process.exitCode = 1;
}
