import { StartFailure } from '../local/start-failure.ts';

/** Something that the person at the keyboard can set right: shown as one line, without a stack trace. */
export class UsageError extends Error {}

/**
 * Runs the command `npm run <name>`. What the person can set right (a UsageError, an option that parseArgs does not know, AWS's refusal of
 * credentials) is one line on standard error and exit status 1.
 */
export async function runCommand(name: string, command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    process.exitCode = 1;
    if (!(error instanceof Error)) throw error;
    const isUsage =
      error instanceof UsageError || String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS');
    if (isUsage)
      console.error(`${error.message.split('\n')[0]}\nnpm run ${name} -- --help shows how it is used.`);
    else
      console.error(
        error instanceof StartFailure || error.name === 'Error'
          ? error.message
          : `${error.name}: ${error.message}`,
      );
  }
}

/** The command called `name` of those there are. Throws UsageError when there is none, or it does not take an option that was given. */
export function commandNamed<Option extends string, Command extends { takes: readonly Option[] }>(
  name: string,
  commands: Readonly<Record<string, Command>>,
  given: Readonly<Partial<Record<Option, unknown>>>,
): Command {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command)
    throw new UsageError(`There is no command ${name}: there are ${Object.keys(commands).join(', ')}`);
  const other = (Object.keys(given) as Option[]).find((option) => !command.takes.includes(option));
  if (other !== undefined) throw new UsageError(`${name} takes no --${other}`);
  return command;
}
