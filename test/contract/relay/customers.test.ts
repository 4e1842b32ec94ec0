import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Conversation } from '../../../functions/conversations/conversation.ts';
import type { CustomerName } from '../../../functions/conversations/customer-ref.ts';
import { DeliveriesTable } from '../../../functions/hooks/deliveries-table.ts';
import { receiveDelivery } from '../../../functions/hooks/receive-delivery.ts';
import { github } from '../../../functions/hooks/senders/github.ts';
import type { HandedOver } from '../../../functions/queue/draft-message.ts';
import { delivered, kindsOf } from '../../conformance/conversation-store-create.ts';
import { author, customer, objectId } from '../../conversations/asked.ts';
import { contextOf, keepers, signed, sourceOf } from '../../hooks/receive/a-delivery.ts';
import { startCustomersServer, type CustomersServer } from '../../servers/customers-server.ts';
import { openConsumer, type Consumer } from './consumer.ts';
import { storeAt } from './vendor.ts';

jest.setTimeout(60_000);

const list = { page: 1, pageSize: 100 };
/** The conversation of an event, with a customer whose id at the vendor is to be found out. */
const withCustomer = (event: string, named: CustomerName): Conversation => ({
  ...delivered(event),
  customer: objectId(0xdead),
  named,
});
const email = (text: string): CustomerName => ({ kind: 'email', text });

describe('customers who are named otherwise, before Kustomer', () => {
  let customers: CustomersServer;
  let consumer: Consumer;
  let key: string;
  beforeAll(async () => {
    consumer = await openConsumer({
      before: async (url) => {
        customers = await startCustomersServer(url);
        return customers.url;
      },
    });
    key = await consumer.vendor.newOrganisation();
    await consumer.useKey(key);
  }, 90_000);
  beforeEach(async () => {
    customers.reset();
    customers.add(customer);
    consumer.proxy.reset();
    await consumer.sqs.purge(consumer.queue);
    await consumer.sqs.purge(consumer.deadLetters);
  });
  afterAll(async () => {
    await consumer.close();
    await customers.close();
  });

  /** A store of an environment of its own. */
  const environment = () => storeAt(consumer.proxy.url, key);
  /** Ids of the conversations that a customer has at the vendor. */
  const idsOf = async (owner: string) =>
    (await storeAt(consumer.vendor.url, key).list(author.org, owner, list)).conversations.map(({ id }) => id);
  /** Whom the vendor has besides the one that is known by id. */
  const others = () => customers.ids().filter((id) => id !== customer);
  const methodsSeen = () => customers.asked.map(({ method }) => method);
  const put = (...conversations: Conversation[]) => {
    for (const conversation of conversations) {
      consumer.sqs.put(consumer.queue, JSON.stringify({ version: 1, conversation }));
    }
  };
  /** Lets the function have what it asks about later at once, until there is nothing more to ask. */
  async function followUp(): Promise<void> {
    for (let due = consumer.sqs.delayed(consumer.queue); due.length > 0;) {
      await consumer.sqs.purge(consumer.queue);
      for (const body of due) consumer.sqs.put(consumer.queue, body);
      expect(await consumer.run()).toEqual([]);
      due = consumer.sqs.delayed(consumer.queue);
    }
  }
  const reasons = async () =>
    (await consumer.sqs.receive(consumer.deadLetters)).map(
      ({ messageAttributes }) => messageAttributes['reason']?.stringValue,
    );

  it.each<[CustomerName['kind'], string, string]>([
    ['email', 'known@example.com', 'unknown@example.com'],
    ['phone', '+4930111', '+4930112'],
    ['externalId', 'crm-7', 'crm-8'],
  ])(
    'have the conversation there when they are known by %s, and when they are not',
    async (kind, one, two) => {
      customers.add(objectId(0xc0), { [kind]: one });
      const known = withCustomer(`known by ${kind}`, { kind, text: one });
      const created = await environment().create(known);
      expect(created).toMatchObject({ kind: 'created', conversation: { customer: objectId(0xc0) } });
      const unknown = withCustomer(`unknown by ${kind}`, { kind, text: two });
      await environment().create(unknown);
      const made = others().at(-1)!;
      expect(await idsOf(objectId(0xc0))).toContain(known.id);
      expect(await idsOf(made)).toEqual([unknown.id]);
      expect(await idsOf(objectId(0xdead))).toEqual([]);
    },
  );

  it('are one of two that race for a new one', async () => {
    customers.gather(2);
    const both = ['race 1', 'race 2'].map((event) => withCustomer(event, email('race@example.com')));
    const outcomes = await Promise.all(both.map((each) => environment().create(each)));
    expect(kindsOf(outcomes)).toEqual({ created: 2 });
    expect(others()).toHaveLength(1);
    expect((await idsOf(others()[0]!)).toSorted()).toEqual(both.map(({ id }) => id).toSorted());
  });

  it('are made anew when they were deleted since they were remembered', async () => {
    const store = environment();
    await store.create(withCustomer('before', email('gone@example.com')));
    const [first] = others();
    customers.delete(first!);
    const after = withCustomer('after', email('gone@example.com'));
    expect(await store.create(after)).toMatchObject({ kind: 'created' });
    const [second] = others();
    expect(second).not.toBe(first);
    expect(await idsOf(second!)).toEqual([after.id]);
  });

  it('are not taken for the ids that follow from their names, which the vendor does not know', async () => {
    const { named: _, ...derived } = withCustomer('derived', email('derived@example.com'));
    await expect(environment().create(derived)).rejects.toMatchObject({ status: 404 });
  });

  it('are asked for once for all messages that name them', async () => {
    const twenty = Array.from({ length: 20 }, (_, n) => withCustomer(`one ${n}`, email('one@example.com')));
    put(...twenty);
    expect(await consumer.run()).toEqual([]);
    expect(methodsSeen()).toEqual(['GET', 'POST']);
    await followUp();
    expect((await idsOf(others()[0]!)).toSorted()).toEqual(twenty.map(({ id }) => id).toSorted());
    put(withCustomer('one more', email('one@example.com')));
    await consumer.run();
    expect(methodsSeen()).toEqual(['GET', 'POST']);
  });

  it('are items of a bulk job, too, each the customer that it names', async () => {
    const drafts = ['a', 'b', 'a', 'c'].map((name) => ({
      customer: objectId(0xdead),
      named: email(`item.${name}@example.com`),
      name,
    }));
    const createdAt = '2026-01-01T00:00:00.000Z';
    const batch = { job: objectId(0xb0), ...author, createdAt, number: 1, first: 0, drafts };
    consumer.sqs.put(consumer.queue, JSON.stringify({ version: 1, batch }));
    expect(await consumer.run()).toEqual([]);
    await followUp();
    expect(others()).toHaveLength(3);
    const counts = await Promise.all(others().map(async (id) => (await idsOf(id)).length));
    expect(counts.toSorted()).toEqual([1, 1, 2]);
  });

  it('keep a refusal to those that are refused, and the others go on with one request', async () => {
    const five = Array.from({ length: 5 }, (_, n) =>
      withCustomer(`fine ${n}`, email(`fine.${n}@example.com`)),
    );
    put(...five, withCustomer('refused', email('refused@localhost')));
    expect(await consumer.run()).toEqual([]);
    expect(await reasons()).toEqual(['Problem: Must be an email address']);
    const handed = consumer.sqs
      .delayed(consumer.queue)
      .map((body) => (JSON.parse(body) as { handedOver: HandedOver }).handedOver.bulks);
    expect(handed).toMatchObject([[{ count: 5 }]]);
    await followUp();
    const there = await Promise.all(five.map(({ id }) => consumer.find(id)));
    expect(there.map((found) => found?.id)).toEqual(five.map(({ id }) => id));
  });

  it('who must exist and do not are the end of a queued delivery: it has failed, and says why', async () => {
    const deliveries = new DeliveriesTable(consumer.dynamo.client, process.env['DELIVERIES_TABLE']!, {
      put: () => Promise.reject(new Error('no body is large')),
    } as never);
    const conversation = withCustomer('strict', { ...email('nobody@example.com'), mustExist: true });
    const [, source, event] = conversation.origin.split('#') as [string, string, string];
    const at = { org: author.org, source, event };
    const rest = { headers: {}, body: Buffer.from('{}') };
    await deliveries.record({ ...at, verdict: 'queued', conversation: conversation.id, ...rest });
    put(conversation);
    expect(await consumer.run()).toEqual([]);
    expect(await reasons()).toEqual(['Problem: There is no customer with this email']);
    expect(await deliveries.find(at)).toMatchObject({
      verdict: 'failed',
      error: 'Problem: There is no customer with this email',
    });
    expect(others()).toEqual([]);
  });

  it('are waited for until the reset when looking them up meets a 429', async () => {
    const reset = String(Math.floor(Date.now() / 1000) + 60);
    consumer.proxy.spoil('GET', { status: 429, headers: { 'x-ratelimit-reset': reset } });
    put(withCustomer('limited', email('limited@example.com')));
    expect(await consumer.run()).toHaveLength(1);
    const [pause] = consumer.sqs.pauses(consumer.queue).values();
    expect(pause).toBeGreaterThan(55_000);
    expect(await reasons()).toEqual([]);
  });

  describe('by an event of a direct source', () => {
    const receive = (id: string, source: object, name = 'ada@example.com') => {
      const tickets = { ...sourceOf(github, 'direct', () => ({ customer: { email: name } })), ...source };
      const delivery = { 'x-github-event': 'issues', 'x-github-delivery': id };
      return receiveDelivery('issues', signed(github, {}, delivery), contextOf('issues', tickets), {
        ...keepers(),
        store: environment(),
      });
    };

    it('are made while the sender waits', async () => {
      const { answer, handled } = await receive('direct', {}, 'direct@example.com');
      expect(answer).toMatchObject({ status: 201 });
      expect(await idsOf(others()[0]!)).toEqual([handled[0]?.conversation]);
    });

    it('are refused when the source makes none: the delivery has failed, and its sender is told', async () => {
      const { answer, handled } = await receive('strict', { newCustomers: false });
      expect(answer).toMatchObject({ problem: { status: 404, code: 'notfound' } });
      expect(handled).toMatchObject([{ verdict: 'failed', error: 'There is no customer with this email' }]);
      expect(others()).toEqual([]);
    });

    it('have their conversation when they are known, also to a source that makes none', async () => {
      customers.add(objectId(0xc1), { email: 'known@example.com' });
      const { handled } = await receive('known', { newCustomers: false }, 'known@example.com');
      expect(await idsOf(objectId(0xc1))).toEqual([handled[0]?.conversation]);
    });
  });
});
