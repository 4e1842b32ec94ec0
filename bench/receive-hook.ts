/**
 * What does taking in a webhook cost in processor time, against a bare handler that checks the signature, parses and sends one
 * message? See bench/README.md. Usage: npm run bench:receive-hook [-- --rounds 80] [--json]
 */
import { parseArgs } from 'node:util';
import { compareHandlers } from './compare-handlers.ts';
import { releaseEnvironment, releaseEvent } from './invocation-events.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '80' }, json: { type: 'boolean' } },
});
const secret = 'a-secret-that-is-long-enough-for-all';

const { result, show } = await compareHandlers({
  name: 'ReceiveHook',
  bare: 'bare-hook.ts',
  stored: secret,
  environment: (endpoint) => ({ BARE_HOOK_SECRET: secret, ...releaseEnvironment(endpoint) }),
  eventOf: (index) => releaseEvent(secret, index),
  status: 202,
  rounds: Number(values.rounds),
});
show(JSON.stringify(result, null, values.json ? 0 : 2));
if (result.ratio > 1.4) process.exitCode = 1;
