/**
 * Does the last page of a long list cost more than the first, when links.next is followed? How many queries is a page?
 * See bench/README.md. Usage: npm run bench:list-pages [-- --conversations 10000] [--rounds 7] [--json]
 */
import { parseArgs } from 'node:util';
import { DynamoStore } from '../functions/conversations/dynamo-store.ts';
import { bulkCreate, call, customer, withLocalSystem } from './local-system.ts';
import { median, round } from './statistics.ts';

const { values } = parseArgs({
  options: {
    conversations: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '7' },
    json: { type: 'boolean' },
  },
});
const count = Number(values.conversations);

interface ListAnswer {
  data: unknown[];
  links: { next: string | null };
}

await withLocalSystem(async (system) => {
  const items = Array.from({ length: count }, (_, index) => ({ customer, name: `Conversation ${index}` }));
  await bulkCreate(system, items);

  /** By page, the milliseconds of each round. */
  const times: number[][] = [];
  for (let at = -1; at < Number(values.rounds); at++) {
    let path: string | null = `/v1/customers/${customer}/conversations`;
    for (let page = 0; path !== null; page++) {
      const began = performance.now();
      const answer: ListAnswer = await call<ListAnswer>(system, path, 200);
      if (at >= 0) (times[page] ??= []).push(performance.now() - began);
      path = answer.links.next;
    }
  }
  // Five pages at each end, so that one hiccup of the machine is not the result.
  const first = median(times.slice(0, 5).flat());
  const last = median(times.slice(-5).flat());
  const result = {
    conversations: count,
    pages: times.length,
    'first pages, ms': round(first),
    'last pages, ms': round(last),
    ratio: round(last / first, 2),
    'queries a page': round((await queriesOf(system)) / times.length, 2),
  };
  console.log(JSON.stringify(result, null, values.json ? 0 : 2));
  if (result.ratio > 1.2) process.exitCode = 1;
});

/** Follows the positions of the store itself from the first page to the last, and counts DynamoDB's calls. */
async function queriesOf({
  runtime,
  org,
}: Parameters<Parameters<typeof withLocalSystem>[0]>[0]): Promise<number> {
  let calls = 0;
  runtime.dynamodb.middlewareStack.add(
    (next) => (request) => {
      calls++;
      return next(request);
    },
    { step: 'build', name: 'count' },
  );
  const store = new DynamoStore(runtime.dynamodb, runtime.output('ConversationsTable')!);
  let after: string | undefined;
  do {
    const page = await store.list(org, customer, {
      page: 1,
      pageSize: 100,
      ...(after && { start: { after } }),
    });
    after = page.next;
  } while (after);
  return calls;
}
