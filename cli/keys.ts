/** npm run keys: makes, lists and revokes API keys, of the local system or of a deployed stage. */
import { parseArgs } from 'node:util';
import { isLive, mintApiKey, type ApiKeyRecord } from '../functions/access/api-key.ts';
import { createRoles, readRoles, bulkReadRoles } from '../functions/access/role.ts';
import type { Keys } from './open-keys.ts';
import { runCommand, UsageError } from './run-command.ts';

const help = `npm run keys -- create --org <24 hex> --user <24 hex> --role <role> [--role <role> ...]
                       [--expires <days>] [--name <text>]
npm run keys -- list [--org <24 hex>]
npm run keys -- revoke <id>

  --stage <name>  a deployed stage, with your AWS credentials; without it the local system, running or not
  --json          prints JSON

The key is shown once, when it is made: only a hash of it is kept. A role grants itself and all below its dotted prefix:
org grants everything. The roles in use are
${[...createRoles, ...readRoles, ...bulkReadRoles].join(', ')}.
A revoked key is refused within a minute.`;

const options = {
  org: { type: 'string' },
  user: { type: 'string' },
  role: { type: 'string', multiple: true },
  expires: { type: 'string' },
  name: { type: 'string' },
  stage: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

await runCommand('keys', async () => {
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const [command, ...rest] = positionals;
  if (values.help || command === undefined) return console.log(help);
  const act = commandOf(command, rest, values);
  // What it takes to open anything is loaded only now: the help is there at once.
  const { openKeys } = await import('./open-keys.ts');
  const keys = await openKeys(values.stage);
  try {
    await act(keys);
  } finally {
    await keys.close();
  }
});

/** The command with its options checked, so that nothing is opened for a mistyped one. */
function commandOf(command: string, rest: string[], values: Values): (keys: Keys) => Promise<void> {
  if (command === 'revoke') {
    const [id] = rest;
    if (rest.length !== 1 || id === undefined)
      throw new UsageError('revoke needs one key id: npm run keys -- revoke <id>');
    return (keys) => revoke(keys, id, values);
  }
  if (rest.length > 0) throw new UsageError(`${command} takes no ${rest.join(' ')}`);
  if (command === 'list') return (keys) => list(keys, values);
  if (command !== 'create')
    throw new UsageError(`There is no command ${command}: there are create, list and revoke`);
  const org = objectId('--org', values.org);
  const user = objectId('--user', values.user);
  const roles = values.role ?? [];
  if (roles.length === 0)
    throw new UsageError('create needs at least one --role, e.g. --role org.permission.conversation');
  const misspelt = roles.find((role) => !/^org(\.[a-z]+)*$/.test(role));
  if (misspelt !== undefined)
    throw new UsageError(`--role ${misspelt} is not a role: they begin with org, e.g. org.user`);
  const expiresAt = values.expires === undefined ? undefined : daysFromNow(values.expires);
  return (keys) => create(keys, { org, user, roles, expiresAt }, values);
}

interface Wanted {
  org: string;
  user: string;
  roles: string[];
  expiresAt: string | undefined;
}

async function create(
  { table }: Keys,
  { expiresAt, ...wanted }: Wanted,
  { name, json }: Values,
): Promise<void> {
  const { key, record } = mintApiKey({
    ...wanted,
    ...(name !== undefined && { name }),
    ...(expiresAt !== undefined && { expiresAt }),
  });
  await table.put(record);
  if (json) return console.log(JSON.stringify({ key, id: record.id }));
  console.log(
    `${key}\n\nThis is the only time it is shown. Its id is ${record.id}; roles: ${record.roles.join(', ')}; ${
      expiresAt === undefined ? 'does not expire' : `expires ${expiresAt}`
    }.`,
  );
}

async function list(keys: Keys, { org, json }: Values): Promise<void> {
  const all = (await keys.all()).filter((record) => org === undefined || record.org === org);
  const rows = all
    .sort((a, b) => a.createdAt.localeCompare(b.createdAt))
    .map((record) => ({ ...record, state: stateOf(record), secretHash: undefined }));
  if (json) return console.log(JSON.stringify(rows));
  if (rows.length === 0) return console.log('There are no keys.');
  for (const { id, state, org: owner, roles, name = '', createdAt } of rows) {
    console.log(`${id}  ${state.padEnd(7)}  org ${owner}  made ${createdAt}  ${roles.join(',')}  ${name}`);
  }
}

async function revoke({ table }: Keys, id: string, { json }: Values): Promise<void> {
  const record = await table.get(id);
  if (!record) throw new UsageError(`There is no key ${id}: npm run keys -- list shows the ids`);
  const revokedAt = record.revokedAt ?? new Date().toISOString();
  await table.put({ ...record, revokedAt });
  console.log(
    json ? JSON.stringify({ id, revokedAt }) : `Key ${id} is revoked: refused everywhere within a minute.`,
  );
}

function stateOf(record: ApiKeyRecord): 'live' | 'expired' | 'revoked' {
  if (record.revokedAt !== undefined) return 'revoked';
  return isLive(record, new Date()) ? 'live' : 'expired';
}

function objectId(option: string, value: string | undefined): string {
  if (value !== undefined && /^[0-9a-f]{24}$/.test(value)) return value;
  throw new UsageError(
    `create needs ${option} <24 lower-case hex digits>${value === undefined ? '' : `, not ${value}`}`,
  );
}

function daysFromNow(text: string): string {
  const days = /^\d+$/.test(text) ? Number(text) : 0;
  if (days < 1 || days > 36_500)
    throw new UsageError(`--expires takes a number of days from 1 to 36500, not ${text}`);
  return new Date(Date.now() + days * 24 * 60 * 60 * 1000).toISOString();
}
