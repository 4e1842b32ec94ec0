/**
 * What does a warm create cost in processor time, against a bare handler that parses, puts and answers?
 * See bench/README.md. Usage: npm run bench:warm-create [-- --rounds 80] [--json]
 */
import { parseArgs } from 'node:util';
import { mintApiKey } from '../functions/access/api-key.ts';
import { compareHandlers } from './compare-handlers.ts';
import { createEvent } from './invocation-events.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '80' }, json: { type: 'boolean' } },
});
const user = '57f29863a1dbf61100e6aa92';
const { key, record } = mintApiKey({ org: user, user, roles: ['org'] });

const { result, show } = await compareHandlers({
  name: 'CreateConversation',
  bare: 'bare-create.ts',
  stored: JSON.stringify(record),
  eventOf: (index) => createEvent(key, index),
  status: 201,
  rounds: Number(values.rounds),
});
show(JSON.stringify(result, null, values.json ? 0 : 2));
if (result.ratio > 1.5) process.exitCode = 1;
