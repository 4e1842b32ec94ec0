/** npm run deliveries: lists, shows and replays what sources were sent, by the API of the local system or of a deployed stage. */
import { parseArgs } from 'node:util';
import { verdicts } from '../functions/hooks/delivery-record.ts';
import { sources } from '../functions/hooks/sources.ts';
import type { DeliveryFilter, HooksApi } from './deliveries/hooks-api.ts';
import { readMoment } from './read-moment.ts';
import { commandNamed, runCommand, UsageError } from './run-command.ts';
import { stoppable } from './stoppable.ts';

const usualLimit = 100;
const mostListed = 10_000;

const help = `npm run deliveries -- list [filters] [--limit <n>]
npm run deliveries -- show <id> [--source <name>]
npm run deliveries -- replay [--id <id> ...] [filters] [--again] [--dry-run] [--yes]

replay takes deliveries through their source once more, from the bodies that are kept for 30 days: those that failed,
unless --verdict or --id say which. It shows first what would become of them, and asks. One that has its conversation keeps
it, so to replay is safe at any time. The exit status is 1 when some are rejected or fail.

  --source <name>   only those of a source
  --since <when>    only those that came since: 90m, 2h, 7d, or 2026-11-25T19:00:00Z
  --until <when>    only those that came before
  --verdict <name>  only ${verdicts.join(', ')}; more than one may be given
  --id <id>         only this one; more than one may be given
  --limit <n>       lists the newest n, ${usualLimit} unless told
  --again           makes a further conversation of each, without its externalId; with --id or --verdict
  --dry-run         only shows what would become of them
  --yes             does not ask
  --key <key>       the API key on a stage, as INTAKE_KEY does, with org.user.hook; the local system's own is known
  --stage <name>    a deployed stage, with your AWS credentials; without it the local system, which must run
  --json            prints JSON`;

const options = {
  source: { type: 'string' },
  since: { type: 'string' },
  until: { type: 'string' },
  verdict: { type: 'string', multiple: true },
  id: { type: 'string', multiple: true },
  limit: { type: 'string' },
  again: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  yes: { type: 'boolean' },
  key: { type: 'string' },
  stage: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];
/** Resolves to whether all was done that was asked for. */
type Act = (api: HooksApi, signal: AbortSignal) => Promise<boolean>;

const everywhere = ['source', 'key', 'stage', 'json'] as const;

/** Each command: which options it takes, and what it does. What it works with is loaded once its options are right. */
const commands: Record<string, { takes: (keyof Values)[]; act(rest: string[], values: Values): Act }> = {
  list: { takes: [...everywhere, 'since', 'until', 'verdict', 'limit'], act: list },
  show: { takes: [...everywhere], act: show },
  replay: {
    takes: [...everywhere, 'since', 'until', 'verdict', 'id', 'again', 'dry-run', 'yes'],
    act: replayThem,
  },
};

await runCommand('deliveries', async () => {
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const [name, ...rest] = positionals;
  if (values.help || name === undefined) return console.log(help);
  const act = commandNamed(name, commands, values).act(rest, values);
  const api = await openApi(values);
  await stoppable(async (signal) => {
    if (!(await act(api, signal))) process.exitCode ??= 1;
  });
});

function list(rest: string[], values: Values): Act {
  if (rest.length > 0) throw new UsageError(`list takes no ${rest.join(' ')}`);
  const wanted = { sources: sourcesOf(values), verdicts: verdictsOf(values), filter: filterOf(values) };
  const { limit = String(usualLimit), json } = values;
  const count = /^\d{1,5}$/.test(limit) ? Number(limit) : 0;
  if (count < 1 || count > mostListed)
    throw new UsageError(`--limit takes a number from 1 to ${mostListed}, not ${limit}`);
  return async (api, signal) => {
    const { listOfAll } = await import('./deliveries/find-deliveries.ts');
    const { showList } = await import('./deliveries/show-deliveries.ts');
    const { deliveries, isCut } = await listOfAll(api, wanted, count, signal);
    if (json) console.log(JSON.stringify(deliveries));
    else if (!signal.aborted) showList(deliveries, isCut);
    return true;
  };
}

function show(rest: string[], values: Values): Act {
  const [id] = rest;
  if (rest.length !== 1 || id === undefined)
    throw new UsageError('show needs one id: npm run deliveries -- show <id>');
  const from = sourcesOf(values);
  return async (api) => {
    const { findOne } = await import('./deliveries/find-deliveries.ts');
    const { showOne } = await import('./deliveries/show-deliveries.ts');
    const delivery = await findOne(api, from, id);
    if (values.json) console.log(JSON.stringify(delivery));
    else showOne(delivery);
    return true;
  };
}

function replayThem(rest: string[], values: Values): Act {
  if (rest.length > 0) throw new UsageError(`replay takes no ${rest.join(' ')}: one delivery is --id <id>`);
  const { id: ids = [], again = false, 'dry-run': dryRun = false, yes, json } = values;
  const filters = (['since', 'until', 'verdict'] as const).filter((name) => values[name] !== undefined);
  if (ids.length > 0 && filters.length > 0)
    throw new UsageError(`--id says which delivery it is: it takes no --${filters[0]}`);
  if (again && ids.length === 0 && values.verdict === undefined)
    throw new UsageError(
      '--again makes further conversations: say of which deliveries with --id or --verdict',
    );
  const wanted = {
    sources: sourcesOf(values),
    verdicts: values.verdict === undefined ? ['failed'] : verdictsOf(values),
    filter: filterOf(values),
  };
  return async (api, signal) => {
    const { replay } = await import('./deliveries/replay-command.ts');
    return await replay(api, { ...wanted, ids, again, dryRun, yes, json }, signal);
  };
}

async function openApi({ stage, key }: Values): Promise<HooksApi> {
  if (key !== undefined && stage === undefined)
    throw new UsageError('--key goes with --stage: the key of the local system is known');
  const { localTarget, stageTarget } = await import('./open-target.ts');
  const { HooksApi: Api } = await import('./deliveries/hooks-api.ts');
  const target = stage === undefined ? await localTarget() : await stageTarget(stage, key);
  if (!target) throw new UsageError('The local system does not run: npm start');
  if (target.key === undefined)
    throw new UsageError(
      `A stage needs an API key, in INTAKE_KEY or with --key: npm run keys -- create --stage ${stage} --role org.user.hook …`,
    );
  return new Api({ url: target.url, key: target.key });
}

function sourcesOf({ source }: Values): string[] {
  const names = Object.keys(sources);
  if (source === undefined) return names;
  if (names.includes(source)) return [source];
  throw new UsageError(`There is no source ${source}: there are ${names.join(', ')}`);
}

function verdictsOf({ verdict: given = [] }: Values): string[] {
  const other = given.find((verdict) => !(verdicts as readonly string[]).includes(verdict));
  if (other === undefined) return [...new Set(given)];
  throw new UsageError(`There is no verdict ${other}: there are ${verdicts.join(', ')}`);
}

function filterOf({ since, until }: Values): Pick<DeliveryFilter, 'from' | 'to'> {
  return {
    ...(since !== undefined && { from: readMoment('--since', since).toISOString() }),
    ...(until !== undefined && { to: readMoment('--until', until).toISOString() }),
  };
}
