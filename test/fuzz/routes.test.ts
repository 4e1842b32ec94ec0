import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { expectRefusal, sendRaw } from '../bad-input/refusal.ts';
import { localSystem, send, type Answer } from '../contract/local-system.ts';
import { objectId } from '../conversations/asked.ts';
import { completed, dataOf, type JobData, type Listed } from '../journeys/bulk-client.ts';
import { anyFields, anyPart, goodCustomer, goodFields, patience, shareOfRuns } from './generated.ts';
import { asGivenBack } from './given-back.ts';

let bearer: string;
beforeAll(async () => {
  bearer = `Bearer ${(await localSystem()).key}`;
}, 60_000);

const customer = objectId(0xf1000);
// Not counted towards the limit of creates.
const importedAt = '2020-01-01T00:00:00Z';

const withoutExternalId = goodFields.map(({ ...fields }) => {
  delete fields.externalId;
  return fields;
});

/** Whatever the status, an answer has the contract's form, and it is never our fault. */
function expectContract(answer: Answer): void {
  expect(answer.status).toBeLessThan(500);
  if (answer.status < 300) return expect(answer.body).toHaveProperty('data');
  const { errors } = answer.body as { errors?: { code: string; source?: Record<string, string> }[] };
  const places = errors?.map(({ source }) => source?.['pointer'] ?? source?.['parameter']) ?? [];
  expect(errors?.length).toBeGreaterThan(0);
  expectRefusal(answer, answer.status, errors![0]!.code, places);
}

describe('whatever is sent', () => {
  it(
    'is taken by a create and found again as it was sent, when the contract takes it',
    async () => {
      await fc.assert(
        fc.asyncProperty(goodFields, async ({ externalId, ...fields }) => {
          const sent = { ...fields, importedAt };
          const created = await send('POST', `/v1/customers/${customer}/conversations`, {
            json: externalId === undefined ? sent : { ...sent, externalId },
          });
          // An externalId that an earlier input had.
          if (created.status === 409) return expectContract(created);
          expect(created.status).toBe(201);
          expect(dataOf<Listed>(created).attributes).toMatchObject(asGivenBack(sent));
          const found = await send('GET', `/v1/conversations/${dataOf<Listed>(created).id}`);
          expect(dataOf<Listed>(found)).toEqual(dataOf<Listed>(created));
        }),
        shareOfRuns(0.06),
      );
    },
    patience,
  );

  it(
    'is taken by a bulk and gets through the queue as it was sent, when the contract takes it',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(withoutExternalId, goodCustomer), { minLength: 1, maxLength: 20 }),
          async (pairs) => {
            const items = pairs.map(([fields]) => fields);
            const sent = pairs.map(([fields, ref]) => ({ ...fields, customer: ref }));
            const answer = await send('POST', '/v1/conversations/bulk', { json: sent });
            expect(answer.status).toBe(201);
            const job = await completed(dataOf<JobData>(answer).id);
            expect(job.attributes.payload.api.data).toEqual(sent);
            const batches = await send('GET', `/v1/bulk/${job.id}/batches`);
            const [batch] = dataOf<{ attributes: { objectIds: string[] } }[]>(batches);
            const ids = batch!.attributes.objectIds;
            const written = await Promise.all(ids.map((id) => send('GET', `/v1/conversations/${id}`)));
            expect(written.map((each) => dataOf<Listed>(each).attributes)).toMatchObject(
              items.map(asGivenBack),
            );
          },
        ),
        { ...shareOfRuns(0.01), endOnFailure: true },
      );
    },
    patience,
  );

  it(
    'gets an answer of the contract from each route that takes a body',
    async () => {
      const anyBody = fc.oneof(
        anyFields.map((fields) => JSON.stringify(fields)),
        fc.array(anyFields, { maxLength: 3 }).map((items) => JSON.stringify(items)),
        fc.json(),
        fc.string({ unit: 'binary' }).map((text) => text.toWellFormed()),
      );
      const path = fc.oneof(
        fc.constant('/v1/conversations'),
        fc.constant('/v1/conversations/bulk'),
        fc.constant(`/v1/customers/${customer}/conversations`),
      );
      const headers = fc.record(
        {
          'content-type': fc.constantFrom('application/json', 'text/plain', '', 'application/x+json', '/;='),
          'idempotency-key': fc.stringMatching(/^[ -~]{0,40}$/),
        },
        { requiredKeys: [] },
      );
      await fc.assert(
        fc.asyncProperty(path, headers, anyBody, async (to, more, body) => {
          const sent = [['authorization', bearer] as const, ...Object.entries(more)];
          expectContract(await sendRaw('POST', to, sent, body));
        }),
        shareOfRuns(0.08),
      );
    },
    patience,
  );

  it(
    'gets an answer of the contract from each route that is asked',
    async () => {
      const path = fc.oneof(
        anyPart.map((part) => `/v1/conversations/a${part}`),
        anyPart.map((part) => `/v1/conversations/externalId=${part}`),
        anyPart.filter(isOneSegment).map((part) => `/v1/bulk/a${part}`),
        anyPart.filter(isOneSegment).map((part) => `/v1/bulk/a${part}/batches`),
        anyPart.filter(isOneSegment).map((part) => `/v1/customers/a${part}/conversations`),
        fc.constant(`/v1/customers/${customer}/conversations`),
      );
      const query = fc.dictionary(
        fc.oneof(
          fc.constantFrom('page', 'pageSize', 'limit', 'fromDate', 'cursor', 'sort', 'status', 'completed'),
          anyPart,
        ),
        fc.oneof(anyPart, fc.integer().map(String), fc.constantFrom('1', '100', 'createdAt', importedAt)),
        { maxKeys: 3 },
      );
      await fc.assert(
        fc.asyncProperty(path, query, async (to, parameters) => {
          const text = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
          const target = `${to}?${text.join('&')}`;
          // API Gateway refuses longer requests before any function sees them.
          fc.pre(target.length < 8000);
          expectContract(await sendRaw('GET', target, [['authorization', bearer]]));
        }),
        shareOfRuns(0.08),
      );
    },
    patience,
  );

  it(
    'as a key gets 401, from every route',
    async () => {
      const header = fc.oneof(
        fc.stringMatching(/^[!-~]{0,80}$/),
        fc.stringMatching(/^Bearer [!-~]{0,80}$/),
        fc.stringMatching(/^Bearer ci_[0-9a-f]{24}_[\w-]{43}$/),
      );
      const route = fc.constantFrom(
        ['POST', '/v1/conversations'] as const,
        ['POST', '/v1/conversations/bulk'] as const,
        ['GET', `/v1/bulk/${customer}`] as const,
        ['GET', `/v1/customers/${customer}/conversations`] as const,
      );
      await fc.assert(
        fc.asyncProperty(route, header, async ([method, path], authorization) => {
          const answer = await sendRaw(method, path, [['authorization', authorization]]);
          expectRefusal(answer, 401, 'unauthorized', [undefined]);
        }),
        shareOfRuns(0.02),
      );
    },
    patience,
  );
});

/** API Gateway decodes the path before it looks for the route: a slash would make it another. */
function isOneSegment(part: string): boolean {
  return !decodeURIComponent(part).includes('/') && !decodeURIComponent(part).includes('?');
}
