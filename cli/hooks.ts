/** npm run hooks: writes sources, lists them, and sends them samples, of the local system or of a deployed stage. */
import { parseArgs } from 'node:util';
import { findSource } from '../functions/hooks/accept-hook.ts';
import { senders } from '../functions/hooks/senders.ts';
import { sources } from '../functions/hooks/sources.ts';
import { projectRoot } from '../local/project-root.ts';
import { listSources } from './hooks/list-sources.ts';
import { newSource } from './hooks/new-source.ts';
import { runCommand, UsageError } from './run-command.ts';

const mostRepetitions = 100_000;

const help = `npm run hooks -- new <name> --sender <sender>
npm run hooks -- list
npm run hooks -- send <source> [--sample <file>] [--header 'name: value' ...] [--repeat <n>]
                               [--secret <text or @file>] [--key <key>]

new writes a source that works, its test and its sample, for you to change. send signs a sample as the sender would, sends
it, and shows the answer and the conversation. The senders are
${Object.keys(senders).join(', ')}.

  --sample <file>  docs/samples/<source>.json unless told; the headers in the .headers file beside it go with it
  --header         one more header, or another value
  --repeat <n>     sends the same event n times
  --secret         signs with another secret; @file reads it, or a private key in PEM where the sender has one
  --key <key>      reads the conversation on a stage, as INTAKE_KEY does; the local system's own is known
  --stage <name>   a deployed stage, with your AWS credentials; without it the local system
  --json           prints JSON`;

const options = {
  sender: { type: 'string' },
  sample: { type: 'string' },
  header: { type: 'string', multiple: true },
  repeat: { type: 'string' },
  secret: { type: 'string' },
  key: { type: 'string' },
  stage: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

/** Each command: what it is called with, and which options it takes. */
const commands: Record<
  string,
  { takes: (keyof Values)[]; run(rest: string[], values: Values): Promise<void> }
> = {
  new: { takes: ['sender', 'json'], run: makeNew },
  list: { takes: ['stage', 'json'], run: list },
  send: { takes: ['sample', 'header', 'repeat', 'secret', 'key', 'stage', 'json'], run: send },
};

await runCommand('hooks', async () => {
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const [name, ...rest] = positionals;
  if (values.help || name === undefined) return console.log(help);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) throw new UsageError(`There is no command ${name}: there are new, list and send`);
  const other = (Object.keys(values) as (keyof Values)[]).find((option) => !command.takes.includes(option));
  if (other !== undefined) throw new UsageError(`${name} takes no --${other}`);
  await command.run(rest, values);
});

async function makeNew(rest: string[], { sender, json }: Values): Promise<void> {
  const name = only(rest, 'new needs one name: npm run hooks -- new <name> --sender <sender>');
  if (sender === undefined || !Object.hasOwn(senders, sender)) {
    const told = sender === undefined ? 'new needs --sender' : `There is no sender ${sender}`;
    throw new UsageError(`${told}: there are ${Object.keys(senders).join(', ')}`);
  }
  const written = await newSource(projectRoot, { name, sender, existing: Object.keys(sources) });
  if (json) return console.log(JSON.stringify({ source: name, written }));
  const next = [
    ['npm start', 'runs it: anew, if it runs already'],
    [`npm run hooks -- send ${name}`, 'sends the sample, signed'],
    ['npm run hooks -- list', 'has the URL to give to the sender'],
    [`npm run secrets -- set ${name}`, 'when the sender shows a secret; a random one is there until then'],
  ] as const;
  const width = Math.max(...next.map(([command]) => command.length));
  const steps = next.map(([command, why]) => `  ${command.padEnd(width)}  ${why}`);
  console.log(`Written:\n  ${written.join('\n  ')}\n\nNext:\n${steps.join('\n')}`);
}

async function list(rest: string[], values: Values): Promise<void> {
  if (rest.length > 0) throw new UsageError(`list takes no ${rest.join(' ')}`);
  await listSources(values);
}

async function send(rest: string[], { repeat: times = '1', ...values }: Values): Promise<void> {
  const name = only(rest, 'send needs one source: npm run hooks -- send <source>');
  const source = findSource(name);
  if (!source)
    throw new UsageError(`There is no source ${name}: there are ${Object.keys(sources).join(', ')}`);
  const repeat = /^\d+$/.test(times) ? Number(times) : 0;
  if (repeat < 1 || repeat > mostRepetitions)
    throw new UsageError(`--repeat takes a number from 1 to ${mostRepetitions}, not ${times}`);
  if (values.key !== undefined && values.stage === undefined)
    throw new UsageError('--key goes with --stage: the key of the local system is known');
  // Loaded only now, with AWS's clients: the help and a mistyped command are answered at once.
  const { sendSample } = await import('./hooks/send-sample.ts');
  if (!(await sendSample(name, source, { ...values, repeat }))) process.exitCode = 1;
}

function only(rest: string[], otherwise: string): string {
  const [first] = rest;
  if (rest.length !== 1 || first === undefined) throw new UsageError(otherwise);
  return first;
}
