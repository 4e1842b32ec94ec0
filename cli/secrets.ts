/** npm run secrets: sets and lists the signing secrets of the sources, and the relay's API key, of the local system or of a deployed stage. */
import { parseArgs } from 'node:util';
import { findSource } from '../functions/hooks/accept-hook.ts';
import { cacheLifetime, parseSecrets } from '../functions/hooks/hook-secrets.ts';
import { keyOf } from '../functions/hooks/keys.ts';
import { sources } from '../functions/hooks/sources.ts';
import { runCommand, UsageError } from './run-command.ts';
import { openSecrets, type SourceSecrets } from './secrets/open-secrets.ts';
import { readNewSecret } from './secrets/read-new-secret.ts';
import { relayKey, relayKeyIn, setRelayKey } from './secrets/relay-key.ts';
import { secretFault, secretShape } from './secrets/secret-fault.ts';

/** So many may be live at once: each one costs time at every delivery. */
const mostSecrets = 3;

const help = `npm run secrets -- set <source> [--add | --only]
npm run secrets -- set ${relayKey}
npm run secrets -- list

  --add           keeps the secrets there are: any of them may sign. At most ${mostSecrets}, the oldest goes
  --only          replaces them, as without either
  --value <text>  the secret; without it, it is asked for, or read from standard input: npm run secrets -- set <source> < file.
                  What stands on a command line stays in the shell's history
  --stage <name>  a deployed stage, with your AWS credentials; without it the local system, running or not
  --json          prints JSON

${relayKey} is the API key that a relay uses (docs/relay.md). A secret is never shown. To rotate one: set the new one with --add, change it at the sender, and when its deliveries come
signed with the new one, set the new one again with --only.`;

const options = {
  add: { type: 'boolean' },
  only: { type: 'boolean' },
  value: { type: 'string' },
  stage: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

await runCommand('secrets', async () => {
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const [command, ...rest] = positionals;
  if (values.help || command === undefined) return console.log(help);
  const act = await commandOf(command, rest, values);
  const secrets = await openSecrets(values.stage);
  try {
    await act(secrets);
  } finally {
    secrets.close();
  }
});

/** The command with its options checked and its secret read, so that nothing is opened for a mistyped one. */
async function commandOf(
  command: string,
  rest: string[],
  values: Values,
): Promise<(secrets: SourceSecrets) => Promise<void>> {
  const { add = false, only = false, value } = values;
  if (command === 'list') {
    if (rest.length > 0) throw new UsageError(`list takes no ${rest.join(' ')}`);
    if (add || only || value !== undefined) throw new UsageError('list takes no --add, --only or --value');
    return (secrets) => list(secrets, values);
  }
  if (command !== 'set') throw new UsageError(`There is no command ${command}: there are set and list`);
  const [source] = rest;
  if (rest.length !== 1 || source === undefined)
    throw new UsageError('set needs one source: npm run secrets -- set <source>');
  if (add && only) throw new UsageError('set takes --add or --only, not both');
  if (source === relayKey) {
    if (add) throw new UsageError(`${relayKey} is one key: set takes no --add for it`);
    const key = relayKeyIn(value ?? (await readNewSecret('API key for Kustomer (not shown): ')));
    return (secrets) => setRelayKey(secrets, key, values.json);
  }
  const { scheme } = senderOf(source);
  const secret = value ?? (await readNewSecret(`Secret of ${source} (not shown): `));
  const fault = secretFault(scheme, secret);
  if (fault !== undefined) throw new UsageError(fault);
  return (secrets) => set(secrets, source, secret, values);
}

function senderOf(source: string) {
  const found = findSource(source);
  if (found) return found.sender;
  throw new UsageError(`There is no source ${source}: there are ${Object.keys(sources).join(', ')}`);
}

async function set(
  secrets: SourceSecrets,
  source: string,
  secret: string,
  { add, json, stage }: Values,
): Promise<void> {
  const arn = secrets.arnOf(source);
  if (arn === undefined) {
    const next =
      stage === undefined ? 'stop npm start and start it anew' : `npm run deploy -- --stage ${stage}`;
    throw new UsageError(`The source ${source} is not in what runs there yet: ${next}`);
  }
  const { scheme } = senderOf(source);
  const before = add ? parseSecrets((await secrets.read(arn))?.value ?? '') : [];
  // One that cannot be a secret, as the random one that a source starts with, is not kept.
  const kept = before.filter((text) => text !== secret && keyOf(scheme, text) !== undefined);
  const live = [secret, ...kept].slice(0, mostSecrets);
  await secrets.write(arn, live.length === 1 ? secret : JSON.stringify(live));
  if (json) return console.log(JSON.stringify({ source, arn, live: live.length }));
  const count = live.length === 1 ? 'It is the only one' : `${live.length} are live, this one first`;
  const dropped = kept.length >= mostSecrets ? ' The oldest is gone.' : '';
  const when = secrets.isServing ? ` It is taken up within ${cacheLifetime / 1000} s.` : '';
  console.log(`The secret of ${source} is set. ${count}.${dropped}${when}`);
}

async function list(secrets: SourceSecrets, { json }: Values): Promise<void> {
  const rows = await Promise.all(
    Object.entries(sources).map(async ([source, { sender }]) => {
      const arn = secrets.arnOf(source);
      const stored = arn === undefined ? undefined : await secrets.read(arn);
      const texts = parseSecrets(stored?.value ?? '');
      const usable = texts.filter((text) => keyOf(sender.scheme, text) !== undefined).length;
      return {
        source,
        sender: sender.name,
        arn,
        live: usable,
        unusable: texts.length - usable,
        since: stored?.since?.toISOString(),
      };
    }),
  );
  if (json) return console.log(JSON.stringify(rows));
  const width = Math.max(...rows.map(({ source }) => source.length));
  for (const { source, since, ...row } of rows) {
    console.log(`${source.padEnd(width)}  ${stateOf({ source, ...row })}${since ? `, since ${since}` : ''}`);
    if (row.arn !== undefined) console.log(`${' '.repeat(width)}  ${row.arn}`);
  }
}

function stateOf(row: { source: string; arn: string | undefined; live: number; unusable: number }): string {
  if (row.arn === undefined) return 'not in what runs there yet';
  if (row.live > 0) return `${row.live} live`;
  if (row.unusable === 0) return 'none yet';
  return `none that is usable: it must be ${secretShape(senderOf(row.source).scheme)}`;
}
