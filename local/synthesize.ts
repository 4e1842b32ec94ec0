import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunContext } from './run-context.ts';
import { sourceFingerprint } from './source-fingerprint.ts';
import { StartFailure } from './start-failure.ts';

/** In a cloud assembly's folder: the fingerprint of the sources that it was made from. */
export const stampFile = 'made-from';

/** The synthesis of a CDK app that is under way. */
export interface Synthesis {
  /** The cloud assembly's folder. Rejects with StartFailure, showing what the app printed, when the app fails. */
  readonly assembly: Promise<string>;
  /** Ends the app if it still runs. */
  cancel(): void;
}

/**
 * Runs the app command of `cdk.json` as the CDK CLI would, bundling included, and without the CLI. When the folder
 * already holds what the same sources gave, it is taken as it is.
 *
 * @param root the project's folder, with `cdk.json`
 * @param folder where the cloud assembly goes; what is there is replaced
 * @param more context values: `stage`, and what else is chosen for a run
 */
export function synthesize(root: string, folder: string, more: RunContext): Synthesis {
  const { app, context } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8')) as {
    app: string;
    context?: Record<string, unknown>;
  };
  const stamp = join(folder, stampFile);
  const fingerprint = sourceFingerprint(root, more);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint) {
    return { assembly: Promise.resolve(folder), cancel: () => {} };
  }
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  // The nearest package.json decides whether a bundle's index.js is CommonJS. In Lambda there is none above the
  // bundle; here it would be this project's own, which says "module".
  writeFileSync(join(folder, 'package.json'), '{}\n');
  const child = spawn(app, {
    cwd: root,
    shell: true,
    // The app's own output matters only when it fails.
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      PATH: `${join(root, 'node_modules', '.bin')}:${process.env['PATH'] ?? ''}`,
      CDK_OUTDIR: folder,
      // Templates are checked when they are synthesized to be deployed; here that would double the time to start.
      CDK_VALIDATION: 'false',
      CDK_CONTEXT_JSON: JSON.stringify({ ...context, ...more }),
    },
  });
  // However this process ends, the app does not go on alone.
  const cancel = (): void => void child.kill();
  process.once('exit', cancel);
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => void (printed += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => void (printed += chunk.toString()));
  const assembly = new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      process.off('exit', cancel);
      if (code !== 0) {
        const failure = `Synthesizing the CDK app failed ("${app}" ended with ${code}):`;
        return reject(new StartFailure(`${failure}\n${printed}`));
      }
      writeFileSync(stamp, fingerprint);
      resolve(folder);
    });
  });
  assembly.catch(() => {});
  return { assembly, cancel };
}
