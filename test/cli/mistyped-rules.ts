import { describe, expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { nodeProcess } from './cli-process.ts';

/** A command, and the ways in which it is mistyped. */
export interface MistypedCommand {
  /** The npm script, named as its file in cli/. */
  command: string;
  /** Where its local data would be; there is nothing yet. */
  dataDir: () => string;
  /** Arguments, and what is said of them. */
  mistyped: readonly [args: string[], reason: string][];
  /** What the help holds, which these arguments show besides none at all. */
  help: { args: string[]; shown: readonly string[] };
  /** A secret among the arguments: nothing that is said holds it. */
  secret?: string;
  /** Arguments that are right, but ask the local system. */
  asksLocalSystem?: string[];
}

/** What every command does when it is mistyped. Goes before the tests that write to `dataDir`. */
export function mistypedRules({
  command,
  dataDir,
  mistyped,
  help,
  secret,
  asksLocalSystem,
}: MistypedCommand): void {
  const run = (args: readonly string[]) =>
    nodeProcess([`cli/${command}.ts`, ...args], { env: { INTAKE_DATA_DIR: dataDir() } });

  describe('with a mistyped command', () => {
    it.each(mistyped)(
      '%j says what is wrong, points to the help, and opens nothing',
      async (args, reason) => {
        const { status, stdout, stderr } = await run(args);
        expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
        const [told, hint, ...rest] = stderr.trimEnd().split('\n');
        expect(told).toContain(reason);
        expect(hint).toBe(`npm run ${command} -- --help shows how it is used.`);
        expect(rest).toEqual([]);
        if (secret !== undefined) expect(stderr).not.toContain(secret);
        expect(readdirSync(dataDir())).toEqual([]);
      },
    );

    it.each([[[]], [help.args]])('%j shows the help', async (args) => {
      const { status, stdout, stderr } = await run(args);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      for (const text of help.shown) expect(stdout).toContain(text);
    });

    if (asksLocalSystem !== undefined)
      it('says that the local system does not run', async () => {
        const { status, stderr } = await run(asksLocalSystem);
        expect({ status, told: stderr.split('\n')[0] }).toEqual({
          status: 1,
          told: 'The local system does not run: npm start',
        });
      });
  });
}
