import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildSync } from 'esbuild';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const thrower = `import { logger } from './functions/lambda/logger.ts';
export { logger };
export function fail(what: unknown) {
  throw new TypeError(String(what));
}`;

describe('the stack of an error in a bundle', () => {
  let folder: string;
  const bundle = () => join(folder, 'index.js');
  const stack = () => {
    const script = `try { require(${JSON.stringify(bundle())}).fail('broken') } catch (error) { console.log(error.stack) }`;
    return execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'source-lines-'));
    buildSync({
      stdin: { contents: thrower, resolveDir: root, sourcefile: 'thrower.ts', loader: 'ts' },
      outfile: bundle(),
      bundle: true,
      platform: 'node',
      format: 'cjs',
      mainFields: ['module', 'main'],
      minifyWhitespace: true,
      sourcemap: true,
    });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('shows the lines of TypeScript', () => {
    expect(stack()).toMatch(/^TypeError: broken\n    at Object\.fail \(\S*thrower\.ts:4:9\)\n/);
  });

  it('shows those of the bundle when there is no map, and the frames outside it as they are', () => {
    rmSync(`${bundle()}.map`);
    expect(stack()).toMatch(
      /^TypeError: broken\n    at Object\.fail \(\S*index\.js:\d+:\d+\)\n    at \[eval\]:1:/,
    );
  });
});
