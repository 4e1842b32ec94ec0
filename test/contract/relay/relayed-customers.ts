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

  it('are one by each name for creates and bulk items, and the list of that one has them', async () => {
    const { system } = relayed();
    const names: [kind: string, text: string, otherwise: string][] = [
      ['email', 'ada@example.com', ' Ada@Example.com'],
      ['phone', '+49305550142', '+49 30 555-0142'],
      ['externalId', 'crm/7 ü', 'crm/7 ü'],
    ];
    const answers: Answer[] = [];
    const made = await madeBy(async () => {
      for (const [kind, text] of names)
        answers.push(await create({ [kind]: text }, { name: `${kind} alone` }));
      const items = names.map(([kind, , otherwise]) => ({
        customer: { [kind]: otherwise },
        name: `${kind} in bulk`,
      }));
      const job = dataOf(await system.ask('POST', '/v1/conversations/bulk', items));
      await eventually(
        () => system.ask('GET', `/v1/bulk/${job.id}`),
        (each) => dataOf(each).attributes['status'] === 'complete',
      );
    });
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    const owners = answers.map((answer) => dataOf(answer).relationships.customer.data.id);
    expect(owners).toEqual(made);
    for (const [index, [kind]] of names.entries()) {
      expect(await namesOf(owners[index]!)).toEqual([`${kind} alone`, `${kind} in bulk`]);
    }
    const listed = await system.ask('GET', `/v1/customers/${owners[0]}/conversations`);
    expect(dataOf<Resource[]>(listed)).toHaveLength(2);
  });

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
