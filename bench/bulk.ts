/**
 * How many conversations a second through a bulk request, against as many single creates by 16 clients?
 * See bench/README.md. Usage: npm run bench:bulk [-- --items 10000] [--json]
 */
import { parseArgs } from 'node:util';
import { bulkCreate, call, withLocalSystem } from './local-system.ts';
import { round } from './statistics.ts';

const { values } = parseArgs({
  options: { items: { type: 'string', default: '10000' }, json: { type: 'boolean' } },
});
const count = Number(values.items);
const clients = 16;

/** Different customers, so that the limit of creates a minute is not what is measured. */
const items = Array.from({ length: count }, (_, index) => ({
  customer: (0x58210c3d_0000 + index).toString(16).padStart(24, '0'),
  name: `Where is order ${index}?`,
  custom: { orderNum: index, planStr: 'gold' },
}));

await withLocalSystem(async (system) => {
  await bulkCreate(system, items.slice(0, 200)); // warms the functions up
  for (const item of items.slice(0, 200)) await call(system, '/v1/conversations', 201, item);

  const bulk = (await bulkCreate(system, items)) / 1000;
  const began = performance.now();
  let next = 0;
  const client = async (): Promise<void> => {
    while (next < count) await call(system, '/v1/conversations', 201, items[next++]);
  };
  await Promise.all(Array.from({ length: clients }, client));
  const singles = (performance.now() - began) / 1000;

  const result = {
    items: count,
    'bulk, items a second': Math.round(count / bulk),
    'singles, items a second': Math.round(count / singles),
    ratio: round(singles / bulk, 1),
  };
  console.log(JSON.stringify(result, null, values.json ? 0 : 2));
  if (result.ratio < 5) process.exitCode = 1;
});
