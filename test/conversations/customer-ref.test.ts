import { describe, expect, it } from '@jest/globals';
import { customerNamedBy, type CustomerRef } from '../../functions/conversations/customer-ref.ts';
import { checkDraft, parseDraft, resolveCustomer } from '../../functions/conversations/draft.ts';
import { customerIdOf, idempotentOrigin } from '../../functions/conversations/identity.ts';
import { placesOf, problemOf } from '../expect-problem.ts';
import { author, customer, objectId, stranger } from './asked.ts';

const { org } = author;
/** Whom a draft is with, as it is asked for and by id. */
const namedBy = (ref: unknown) => parseDraft({ customer: ref }).customer;
const idBy = (ref: unknown, of = org) => resolveCustomer(of, parseDraft({ customer: ref })).customer;
const faultsOf = async (ref: unknown) => (await problemOf(400, () => parseDraft({ customer: ref }))).faults;
const titlesOf = async (ref: unknown) => (await faultsOf(ref)).map(({ title }) => title);

const crabs = '🦀'.repeat(256);
const one = 'one of id, email, phone and externalId';

describe('a draft’s customer', () => {
  it.each<[unknown, unknown]>([
    [customer, customer],
    [{ id: customer }, customer],
    [{ email: 'ada@example.com' }, { email: 'ada@example.com' }],
    [{ email: ' Ada@Example.COM\n' }, { email: 'ada@example.com' }],
    [{ email: `${'a'.repeat(242)}@example.com` }, { email: `${'a'.repeat(242)}@example.com` }],
    [{ phone: '+49305550142' }, { phone: '+49305550142' }],
    [{ phone: '+49 (30) 555-01/42' }, { phone: '+49305550142' }],
    [{ phone: '110' }, { phone: '110' }],
    [{ externalId: 'User 1' }, { externalId: 'User 1' }],
    [{ externalId: crabs }, { externalId: crabs }],
  ])('may be %j; what means the same is written the same', (sent, named) => {
    expect(namedBy(sent)).toEqual(named);
  });

  it.each<[unknown, string[]]>([
    [undefined, ['/customer is required']],
    [null, [`/customer must be an object id, or an object with ${one}`]],
    [5, [`/customer must be an object id, or an object with ${one}`]],
    [[customer], [`/customer must be an object id, or an object with ${one}`]],
    ['ada@example.com', ['/customer must be an object id: 24 lower-case hex digits']],
    [{}, [`/customer must have exactly ${one}`]],
    [{ id: 'A'.repeat(24) }, ['/customer/id must be an object id: 24 lower-case hex digits']],
    [{ email: 'ada' }, ['/customer/email must be an email address']],
    [{ email: 'a b@example.com' }, ['/customer/email must be an email address']],
    [{ email: 'a@b@example.com' }, ['/customer/email must be an email address']],
    [{ email: '' }, ['/customer/email must be an email address']],
    [{ email: `${'a'.repeat(243)}@example.com` }, ['/customer/email must be an email address']],
    [{ phone: '12' }, ['/customer/phone must be a phone number']],
    [{ phone: '1'.repeat(21) }, ['/customer/phone must be a phone number']],
    [{ phone: '0800-FLOWERS' }, ['/customer/phone must be a phone number']],
    [{ externalId: '' }, ['/customer/externalId must be 1 to 256 characters']],
    [{ externalId: `${crabs}x` }, ['/customer/externalId must be 1 to 256 characters']],
    [{ email: null }, ['/customer/email must be a string']],
    [{ phone: 493055501 }, ['/customer/phone must be a string']],
    [{ externalId: ['x'] }, ['/customer/externalId must be a string']],
    [
      { constructor: 'x', 'a/b': 1 },
      [
        `/customer must have exactly ${one}`,
        '/customer/constructor is not a known field',
        '/customer/a~1b is not a known field',
      ],
    ],
    [{ email: 'ada@example.com', name: 'Ada' }, ['/customer/name is not a known field']],
    [{ id: customer, email: 'ada@example.com' }, [`/customer must have exactly ${one}`]],
    [
      { email: 'ada', phone: 5, Email: 'x' },
      [
        `/customer must have exactly ${one}`,
        '/customer/email must be an email address',
        '/customer/phone must be a string',
        '/customer/Email is not a known field',
      ],
    ],
  ])('may not be %j; all that is wrong is told', async (sent, titles) => {
    expect(await titlesOf(sent)).toEqual(titles);
  });

  it('is told wrong along with the other fields, without what it held', async () => {
    const problem = await problemOf(400, () =>
      parseDraft({ name: 5, customer: { email: 'secret', id: customer }, priority: 9 }),
    );
    expect(placesOf(problem).toSorted()).toEqual(['/customer', '/customer/email', '/name', '/priority']);
    expect(problem.faults).toContainEqual({
      title: '/customer/email must be an email address',
      detail: 'It is a string of 6 characters.',
      pointer: '/customer/email',
    });
    expect(JSON.stringify(problem.faults)).not.toContain('secret');
  });

  it('is refused as quickly when it has a hundred thousand faults', async () => {
    const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`field${index}`, 1]));
    const began = performance.now();
    expect(await faultsOf(many)).toHaveLength(1000);
    expect(performance.now() - began).toBeLessThan(2000);
  });
});

describe('the id of a draft’s customer', () => {
  it.each<CustomerRef>([
    { id: customer },
    { email: 'Ada@example.com' },
    { phone: '+49 30 5550142' },
    { externalId: 'github-user-1' },
  ])('is the one that a source’s customer has: %j', (ref) => {
    expect(customerNamedBy(ref)).toEqual({ named: namedBy(ref) });
  });

  it.each<[CustomerRef, string]>([
    [{ email: 'ada' }, '/customer/email must be an email address'],
    [{ phone: '12' }, '/customer/phone must be a phone number'],
    [{ externalId: '' }, '/customer/externalId must be 1 to 256 characters'],
  ])('is not there for a source’s customer who is called %j', (ref, title) => {
    expect(customerNamedBy(ref)).toMatchObject({ fault: { title } });
  });

  it('is one that was given, or follows from the reference and whose customer it is', () => {
    expect([idBy(customer), idBy({ id: customer }), idBy(customer, stranger.org)]).toEqual(
      Array.from({ length: 3 }, () => customer),
    );
    expect(idBy({ externalId: 'x' })).toBe(customerIdOf(org, 'x'));
    expect(idBy({ externalId: 'x' }, stranger.org)).toBe(customerIdOf(stranger.org, 'x'));
  });

  it('is the same however the reference is written, and another for each kind', () => {
    expect(idBy({ email: ' A@B.example' })).toBe(idBy({ email: 'a@b.EXAMPLE ' }));
    expect(idBy({ phone: '+49 30 111' })).toBe(idBy({ phone: '+4930111' }));
    expect(idBy({ externalId: 'X' })).not.toBe(idBy({ externalId: 'x' }));
    expect(idBy({ phone: '110' })).not.toBe(idBy({ externalId: '110' }));
    expect(idBy({ email: 'a@b' })).not.toBe(idBy({ externalId: 'a@b' }));
  });

  it.each<[unknown, object]>([
    [{ email: ' Ada@example.com' }, { kind: 'email', text: 'ada@example.com' }],
    [{ phone: '+49 30 111' }, { kind: 'phone', text: '+4930111' }],
    [{ externalId: 'User 1' }, { kind: 'externalId', text: 'User 1' }],
  ])('takes the place of the reference, whose one way of writing goes along: %j', (ref, named) => {
    const draft = resolveCustomer(org, parseDraft({ customer: ref, name: 'x' }));
    expect(draft).toEqual({ name: 'x', customer: idBy(ref), named });
    const strict = resolveCustomer(org, parseDraft({ customer: ref, name: 'x' }), false);
    expect(strict).toEqual({ ...draft, named: { ...named, mustExist: true } });
  });

  it('is all there is where it was given: nothing goes along', () => {
    for (const ref of [customer, { id: customer }]) {
      const draft = resolveCustomer(org, parseDraft({ customer: ref, name: 'x' }), false);
      expect(draft).toEqual({ name: 'x', customer });
    }
  });
});

describe('what a request with an Idempotency-Key asks for', () => {
  const askedBy = (ref: unknown) => {
    const checked = checkDraft({ customer: ref, name: 'x' });
    if ('faults' in checked) throw new Error(JSON.stringify(checked.faults));
    return idempotentOrigin({ ...author, keyId: objectId(1) }, 'key', checked.draft);
  };

  it('is the same when the customer is only written otherwise', () => {
    expect(askedBy({ id: customer })).toEqual(askedBy(customer));
    expect(askedBy({ email: 'ADA@example.com ' })).toEqual(askedBy({ email: 'ada@example.com' }));
    expect(askedBy({ phone: '+49 30 111' })).toEqual(askedBy({ phone: '+4930111' }));
  });

  it('is another when the customer is named by something else, though the id be the same', () => {
    const ref = { email: 'ada@example.com' };
    expect(askedBy(ref)).not.toEqual(askedBy(idBy(ref)));
    expect(askedBy(ref)).not.toEqual(askedBy({ externalId: 'ada@example.com' }));
    expect(askedBy(ref)).not.toEqual(askedBy({ email: 'eve@example.com' }));
  });
});
