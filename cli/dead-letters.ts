/** npm run dead-letters: shows what the drafts queue gave up, of the local system or of a deployed stage, and sends it back or drops it. */
import { parseArgs } from 'node:util';
import { sources } from '../functions/hooks/sources.ts';
import { otherOrigins } from './dead-letters/dead-letter.ts';
import type { LetterFilter } from './dead-letters/look-through.ts';
import type { Queues } from './dead-letters/open-queues.ts';
import { readMoment } from './read-moment.ts';
import { commandNamed, runCommand, UsageError } from './run-command.ts';
import { stoppable } from './stoppable.ts';

/** Messages a second: enough on a stage to be through a thousand in minutes, and few beside what comes by itself. */
const rates = { stage: 5, local: 100 };
const mostRate = 1000;
const usualBacklog = 100;

const help = `npm run dead-letters -- list [filters]
npm run dead-letters -- show <id>
npm run dead-letters -- redrive [<id> ...] [filters] [--rate <n>] [--backlog <n>] [--yes]
npm run dead-letters -- redrive --file <file> [--rate <n>] [--backlog <n>] [--yes]
npm run dead-letters -- drop [<id> ...] [filters] [--file <file>] [--yes]

list says how many there are, by reason and source, and shows each in a line. redrive sends them back to the drafts queue,
and drop deletes them once they are written to a file; both show first what they would do, and ask. To redrive is safe at any
time, also after it was stopped: a message that is sent twice makes one conversation.

  --source <name>  only those of a source, of bulk jobs (bulk) or of creates by API (api)
  --since <when>   only those that were sent since: 90m, 2h, 7d, or 2026-11-25T19:00:00Z
  --rate <n>       messages a second, ${rates.stage} on a stage and ${rates.local} locally unless told
  --backlog <n>    waits while more messages than this, ${usualBacklog} unless told, are in the drafts queue
  --file <file>    redrive: sends what drop wrote there; drop: writes there, not to dropped-<time>.jsonl
  --yes            does not ask
  --stage <name>   a deployed stage, with your AWS credentials; without it the local system, which must run
  --json           prints JSON

To look at a message hides it from others while it is looked at; one that is killed leaves them hidden for a minute.`;

const options = {
  source: { type: 'string' },
  since: { type: 'string' },
  rate: { type: 'string' },
  backlog: { type: 'string' },
  file: { type: 'string' },
  yes: { type: 'boolean' },
  stage: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];
/** Resolves to whether all was done that was asked for. */
type Act = (queues: Queues, signal: AbortSignal) => Promise<boolean>;

/** Each command: which options it takes, and what it does. What it works with is loaded once its options are right. */
const commands: Record<string, { takes: (keyof Values)[]; act(rest: string[], values: Values): Act }> = {
  list: { takes: ['source', 'since', 'stage', 'json'], act: list },
  show: { takes: ['stage', 'json'], act: show },
  redrive: {
    takes: ['source', 'since', 'rate', 'backlog', 'file', 'yes', 'stage', 'json'],
    act: redrive,
  },
  drop: { takes: ['source', 'since', 'file', 'yes', 'stage', 'json'], act: drop },
};

await runCommand('dead-letters', async () => {
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const [name, ...rest] = positionals;
  if (values.help || name === undefined) return console.log(help);
  const act = commandNamed(name, commands, values).act(rest, values);
  const { openQueues } = await import('./dead-letters/open-queues.ts');
  const queues = await openQueues(values.stage);
  try {
    await stoppable(async (signal) => {
      if (!(await act(queues, signal))) process.exitCode ??= 1;
    });
  } finally {
    queues.close();
  }
});

function list(rest: string[], values: Values): Act {
  if (rest.length > 0) throw new UsageError(`list takes no ${rest.join(' ')}`);
  const filter = filterOf(values, []);
  return async (queues, signal) => {
    const { lookThrough } = await import('./dead-letters/look-through.ts');
    const { listLetters } = await import('./dead-letters/list-letters.ts');
    const seen = await lookThrough(queues, filter, signal);
    if (!signal.aborted) listLetters(seen, values.json);
    return !signal.aborted;
  };
}

function show(rest: string[], { json }: Values): Act {
  const [id] = rest;
  if (rest.length !== 1 || id === undefined)
    throw new UsageError('show needs one id: npm run dead-letters -- show <id>');
  return async (queues, signal) => {
    const { showLetter } = await import('./dead-letters/show-letter.ts');
    await showLetter(queues, id, { json, signal });
    return true;
  };
}

function redrive(rest: string[], values: Values): Act {
  const { file, yes, json, source, since, stage } = values;
  if (file !== undefined && (rest.length > 0 || source !== undefined || since !== undefined))
    throw new UsageError('redrive --file sends all of a file: it takes no ids, --source or --since');
  const filter = filterOf(values, rest);
  const usual = stage === undefined ? rates.local : rates.stage;
  const pace = {
    rate: wholeNumber('rate', values.rate, { usual, least: 1, most: mostRate }),
    backlog: wholeNumber('backlog', values.backlog, { usual: usualBacklog, least: 0, most: 1_000_000 }),
  };
  return async (queues, signal) => {
    const { redriveFile } = await import('./dead-letters/redrive-file.ts');
    const { redriveLetters } = await import('./dead-letters/redrive-letters.ts');
    return file === undefined
      ? await redriveLetters(queues, filter, pace, { yes, json, signal })
      : await redriveFile(queues, file, pace, { yes, json, signal });
  };
}

function drop(rest: string[], values: Values): Act {
  const { yes, json, file = `dropped-${new Date().toISOString().replaceAll(':', '-')}.jsonl` } = values;
  const filter = filterOf(values, rest);
  return async (queues, signal) => {
    const { dropLetters } = await import('./dead-letters/drop-letters.ts');
    return await dropLetters(queues, filter, file, { yes, json, signal });
  };
}

function filterOf({ source, since }: Values, ids: readonly string[]): LetterFilter {
  const names = [...Object.keys(sources), ...otherOrigins];
  if (source !== undefined && !names.includes(source))
    throw new UsageError(`There is no source ${source}: there are ${names.join(', ')}`);
  return {
    ...(source !== undefined && { source }),
    ...(since !== undefined && { since: readMoment('--since', since) }),
    ...(ids.length > 0 && { ids }),
  };
}

function wholeNumber(
  option: string,
  text: string | undefined,
  { usual, least, most }: { usual: number; least: number; most: number },
): number {
  if (text === undefined) return usual;
  const number = /^\d{1,7}$/.test(text) ? Number(text) : -1;
  if (number >= least && number <= most) return number;
  throw new UsageError(`--${option} takes a number from ${least} to ${most}, not ${text}`);
}
