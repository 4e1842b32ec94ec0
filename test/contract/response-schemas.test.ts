import { describe, expect, it } from '@jest/globals';
import { publishedConversation } from '../conversations/published-conversation.ts';
import { expectPublished, faultsOf } from './response-schemas.ts';

type Path = readonly (string | number)[];

const path = '/v1/customers/58210c3db0f09110006b7953/conversations?page=1&pageSize=100';
const relationships = publishedConversation.relationships;
/** The examples of the vendor's API description, and one error as the contract writes it. */
const examples = {
  conversation: { data: publishedConversation },
  conversations: {
    meta: { pageSize: 100, page: 1 },
    data: [publishedConversation],
    links: { self: path, first: path, prev: null, next: null },
  },
  bulk: {
    data: {
      type: 'bulk',
      id: '5b3bddb67f8469003df370a4',
      attributes: {
        ids: [],
        context: 'api.sobjects.conversations.bulk-create',
        status: 'complete',
        v2: true,
        payload: {
          api: {
            data: [{ externalId: 'convo1', name: 'Convo1' }],
            path: '/v1/conversations',
            user: {
              id: '5a96dac46dd73800112fab30',
              userType: 'user',
              roles: ['org'],
              orgName: 'mycompany',
              subject: '5a96dac46dd73800112fab30',
              org: '5a96dac36dd73800112fab2e',
            },
            requestId: '5b3bddb6b6e494001779fa38',
            service: 'sobjects',
            method: 'POST',
          },
        },
        createdAt: '2018-07-03T20:33:58.486Z',
        updatedAt: '2018-07-03T20:34:03.873Z',
        completed: true,
      },
      relationships: { org: relationships.org, createdBy: relationships.createdBy },
      links: { self: '/v1/bulk/5b3bddb67f8469003df370a4' },
    },
  },
  errors: { errors: [{ status: 400, code: 'bad_request', title: 'x', message: 'x', detail: 'y' }] },
} as const;
const names = ['conversation', 'conversations', 'bulk', 'errors'] as const;

/** The paths of all members of objects, however deep. */
function members(value: unknown, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const here = [...at, Array.isArray(value) ? Number(key) : key];
    return [...(Array.isArray(value) ? [] : [here]), ...members(inner, here)];
  });
}

/** A copy in which the member at the path is changed, or gone when there is nothing to put there. */
function changed(value: unknown, [key, ...rest]: Path, put?: unknown): unknown {
  const copy = structuredClone(value) as Record<string | number, unknown>;
  if (rest.length > 0) copy[key!] = changed(copy[key!], rest, put);
  else if (put === undefined) delete copy[key!];
  else copy[key!] = put;
  return copy;
}

describe('the published schemas', () => {
  it.each(names)('take the published example: %s', (name) => {
    expectPublished(name, examples[name]);
  });

  it.each(names)('need every member of the published example, in its type: %s', (name) => {
    const paths = members(examples[name]);
    expect(paths.length).toBeGreaterThan(5);
    for (const place of paths) {
      expect({ place, faults: faultsOf(name, changed(examples[name], place)) }).not.toMatchObject({
        faults: [],
      });
      const symbol = changed(examples[name], place, Number.NaN);
      expect({ place, faults: faultsOf(name, symbol) }).not.toMatchObject({ faults: [] });
    }
  });

  it('never take an empty list of errors', () => {
    expect(faultsOf('errors', { errors: [] })).not.toEqual([]);
  });
});
