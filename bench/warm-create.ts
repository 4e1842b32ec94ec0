/**
 * What does a warm create cost in processor time, against a bare handler that parses, puts and answers?
 * See bench/README.md. Usage: npm run bench:warm-create [-- --rounds 80] [--json]
 */
import { parseArgs } from 'node:util';
import { mintApiKey } from '../functions/access/api-key.ts';
import { compareHandlers } from './compare-handlers.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '80' }, json: { type: 'boolean' } },
});
const customer = '58210c3db0f09110006b7953';
const user = '57f29863a1dbf61100e6aa92';
const { key, record } = mintApiKey({ org: user, user, roles: ['org'] });

const { result, show } = await compareHandlers({
  name: 'CreateConversation',
  bare: 'bare-create.ts',
  stored: JSON.stringify(record),
  eventOf,
  status: 201,
  rounds: Number(values.rounds),
});
show(JSON.stringify(result, null, values.json ? 0 : 2));
if (result.ratio > 1.5) process.exitCode = 1;

function eventOf(index: number): object {
  return {
    version: '2.0',
    routeKey: 'POST /v1/customers/{id}/conversations',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    pathParameters: { id: customer },
    requestContext: { requestId: `gateway-${index}-${Math.random()}` },
    isBase64Encoded: false,
    body: JSON.stringify({
      name: 'Where is my order?',
      priority: 2,
      tags: ['order', 'late'],
      custom: { orderNum: 1000 + index, planStr: 'gold', orderedAt: '2026-01-01T00:00:00Z', vipBool: true },
    }),
  };
}
