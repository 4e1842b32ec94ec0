import { expect, it } from '@jest/globals';
import type { ConversationStore } from '../../../functions/conversations/conversation-store.ts';
import { author } from '../../conversations/asked.ts';
import { githubExample } from '../../hooks/github-delivery.ts';
import type { CustomersServer } from '../../servers/customers-server.ts';
import { eventually, type Answer } from '../local-system.ts';
import type { RelayingSystem } from './relaying-system.ts';

interface Relayed {
  system: RelayingSystem;
  customers: CustomersServer;
  /** What is at the vendor. */
  there: ConversationStore;
  /** Delivers an event as GitHub does. */
  deliver(source: 'issues' | 'releases', event: string, payload: object): Promise<Answer>;
}

interface Resource {
  id: string;
  attributes: Record<string, unknown>;
  relationships: { customer: { data: { id: string } } };
}

const dataOf = <Data = Resource>({ body }: Answer) => (body as { data: Data }).data;

/** Customers who are named by email, phone or externalId, over the routes of a system that relays. */
export function relayedCustomers(relayed: () => Relayed): void {
  const namesOf = async (owner: string) => {
    const page = await relayed().there.list(author.org, owner, { page: 1, pageSize: 100 });
    return page.conversations.map(({ name }) => name).toSorted();
  };
  /** The customers that `act` makes there. */
  const madeBy = async (act: () => Promise<unknown>): Promise<string[]> => {
    const before = new Set(relayed().customers.ids());
    await act();
    return relayed()
      .customers.ids()
      .filter((id) => !before.has(id));
  };
  const create = (customer: object, more: object) =>
    relayed().system.ask('POST', '/v1/conversations', { customer, ...more });

  it.each([
    ['email', 'ada@example.com', ' Ada@Example.com'],
    ['phone', '+49305550142', '+49 30 555-0142'],
    ['externalId', 'crm/7 ü', 'crm/7 ü'],
  ])(
    'are one by %s for creates and bulk items, and the list of that one has them',
    async (kind, text, otherwise) => {
      const { system } = relayed();
      let answer: Answer | undefined;
      const [made, ...more] = await madeBy(async () => {
        answer = await create({ [kind]: text }, { name: 'Alone' });
        const items = ['a', 'b', 'c'].map((name) => ({ customer: { [kind]: otherwise }, name }));
        const job = dataOf(await system.ask('POST', '/v1/conversations/bulk', items));
        await eventually(
          () => system.ask('GET', `/v1/bulk/${job.id}`),
          (each) => dataOf(each).attributes['status'] === 'complete',
        );
      });
      expect(answer?.status).toBe(201);
      expect(dataOf(answer!).relationships.customer.data.id).toBe(made);
      expect(more).toEqual([]);
      expect(await namesOf(made!)).toEqual(['Alone', 'a', 'b', 'c']);
      const listed = dataOf<Resource[]>(await system.ask('GET', `/v1/customers/${made}/conversations`));
      expect(listed).toHaveLength(4);
    },
  );

  it('are refused in the vendor’s words, with a pointer to the name', async () => {
    expect(await create({ email: 'ada@localhost' }, {})).toMatchObject({
      status: 400,
      body: {
        errors: [{ title: 'Must be an email address', source: { pointer: '/customer/email' } }],
      },
    });
  });

  it('are one for a direct and a queued source: whoever wrote at GitHub', async () => {
    const { system, deliver } = relayed();
    const issue = githubExample<{ issue: { id: number; user: { id: number } } }>('issues', 'opened');
    issue.issue = { ...issue.issue, id: 7001, user: { ...issue.issue.user, id: 7000 } };
    const release = githubExample<{ release: { id: number; author: { id: number } } }>(
      'release',
      'published',
    );
    release.release = { ...release.release, id: 7002, author: { ...release.release.author, id: 7000 } };
    const made = await madeBy(async () => {
      const direct = await deliver('issues', 'customer-issue', issue);
      expect(direct.status).toBe(201);
      expect((await deliver('releases', 'customer-release', release)).status).toBe(202);
      await eventually(
        () => system.ask('GET', '/v1/hooks/github-releases/deliveries/customer-release'),
        (each) => dataOf(each).attributes['verdict'] === 'created',
      );
    });
    expect(made).toHaveLength(1);
    expect(await namesOf(made[0]!)).toHaveLength(2);
  });
}
