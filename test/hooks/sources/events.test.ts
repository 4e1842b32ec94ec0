import { describe, expect, it } from '@jest/globals';
import { accepts, draftOf, rejectionOf } from './sample-event.ts';

const name = 'events';
const eventTypeStr = 'subscription.lapsed';
const withCustomer = (customer: object) => ({ '/data/customer': customer });
/** The attributes that the fields of `data` make. */
const customOf = (fields: object) =>
  draftOf(name, { '/data': { customer: { email: 'kofi.mensah@example.com' }, ...fields } }).custom;

describe('an event of Standard Webhooks', () => {
  it('is a conversation with the customer whom it names', () => {
    expect(draftOf(name)).toEqual({
      customer: { email: 'kofi.mensah@example.com' },
      name: 'The subscription of Kofi Mensah lapsed',
      createdAt: '2026-10-15T06:00:03.208417Z',
      custom: {
        eventTypeStr,
        planStr: 'Monthly',
        seatsNum: 5,
        isTrialBool: false,
        endedAt: '2026-10-14T23:59:59Z',
        accountUrl: 'https://billing.example.com/accounts/7731',
      },
    });
  });

  it('is taken whatever its type is', () => {
    for (const type of ['a', 'invoice.paid', undefined]) expect(accepts(name, { type })).toBe(true);
  });

  it('is named by its type when it has no name', () => {
    for (const none of [undefined, null, '']) {
      expect(draftOf(name, { '/data/name': none }).name).toBe(eventTypeStr);
    }
  });

  it.each([
    [{ id: '58210c3db0f09110006b7953' }, { id: '58210c3db0f09110006b7953' }],
    [{ email: 'a@example.com' }, { email: 'a@example.com' }],
    [{ phone: '+49 30 5550142' }, { phone: '+49 30 5550142' }],
    [{ externalId: 'user-1' }, { externalId: 'user-1' }],
    [{ externalId: 'user-1', phone: '+49305550142', email: 'a@example.com' }, { email: 'a@example.com' }],
    [{ id: 'user-1', email: '-', phone: '-', externalId: 'user-1' }, { externalId: 'user-1' }],
    [{ id: null, email: null, externalId: 'user-1', more: 5 }, { externalId: 'user-1' }],
  ])('is with the customer whom the first usable reference names: %j', (given, customer) => {
    expect(draftOf(name, withCustomer(given)).customer).toEqual(customer);
  });

  it('has an attribute of each field, named after what its value is', () => {
    expect(
      customOf({
        text: 'a',
        empty: '',
        whole: 5,
        part: -0.5,
        yes: true,
        no: false,
        day: '2026-10-15T06:00:00+02:00',
        address: 'HTTPS://example.com/é?a=b',
        notDay: '2026-10-15',
        notAddress: 'https://example.com/a b',
        mail: 'mailto:a@example.com',
        snake_case2: 'b',
      }),
    ).toEqual({
      eventTypeStr,
      textStr: 'a',
      emptyStr: '',
      wholeNum: 5,
      partNum: -0.5,
      yesBool: true,
      noBool: false,
      dayAt: '2026-10-15T06:00:00+02:00',
      addressUrl: 'HTTPS://example.com/é?a=b',
      notDayStr: '2026-10-15',
      notAddressStr: 'https://example.com/a b',
      mailStr: 'mailto:a@example.com',
      snake_case2Str: 'b',
    });
  });

  it('leaves a name that says already what its value is', () => {
    expect(customOf({ planStr: 'a', totalNum: 5, paidAt: '2026-10-15T06:00:00Z', dueAt: 'soon' })).toEqual({
      eventTypeStr,
      planStr: 'a',
      totalNum: 5,
      paidAt: '2026-10-15T06:00:00Z',
      dueAtStr: 'soon',
    });
  });

  it('has no attribute of what cannot be one', () => {
    const names = { '': 'a', 'a-b': 'a', 'a b': 'a', ä: 'a', '1st': 'a', _a: 'a', Str: 'a', a$: 'a' };
    expect(customOf({ ...names, object: {}, list: ['a'], none: null, endless: Infinity })).toEqual({
      eventTypeStr,
    });
  });

  it('has as much of a long text as an attribute can have', () => {
    expect(customOf({ note: '🦀'.repeat(1025) })?.['noteStr']).toBe(`${'🦀'.repeat(1023)}…`);
    expect(customOf({ note: '🦀'.repeat(1024) })?.['noteStr']).toBe('🦀'.repeat(1024));
  });

  it('has the first hundred attributes, its type among them', () => {
    const fields = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`field${index}`, index]));
    const custom = customOf(fields) ?? {};
    expect(Object.keys(custom)).toHaveLength(100);
    expect(custom).toMatchObject({ eventTypeStr, field0Num: 0, field98Num: 98 });
  });

  it('has no more attributes than 64 KB hold, and leaves out only what does not fit', () => {
    const long = Array.from({ length: 99 }, (_, index) => [`field${index}`, '🦀'.repeat(1024)] as const);
    const address = `https://example.com/${'a'.repeat(64 * 1024)}`;
    const custom = customOf({ ...Object.fromEntries(long), address, last: 5 }) ?? {};
    expect(Buffer.byteLength(JSON.stringify(custom))).toBeLessThan(66_000);
    expect(Object.keys(custom)).toEqual([
      ...Array.from({ length: 15 }, (_, index) => `field${index}Str`),
      'lastNum',
      'eventTypeStr',
    ]);
  });

  it('tells its own type, whatever a field of that name says', () => {
    expect(customOf({ eventType: 'another' })).toEqual({ eventTypeStr });
  });

  it.each([
    [{ '/type': undefined }, '/type'],
    [{ '/type': 5 }, '/type'],
    [{ '/timestamp': undefined }, '/timestamp'],
    [{ '/timestamp': 1_760_508_003 }, '/timestamp'],
    [{ '/timestamp': 'yesterday' }, '/timestamp'],
    [{ '/data': undefined }, '/data'],
    [{ '/data': [] }, '/data'],
    [{ '/data/name': 5 }, '/data/name'],
    [{ '/data/customer': undefined }, '/data/customer'],
    [{ '/data/customer': 'kofi.mensah@example.com' }, '/data/customer'],
    [withCustomer({}), '/data/customer'],
    [withCustomer({ email: 'kofi.mensah' }), '/data/customer'],
    [withCustomer({ phone: 'none' }), '/data/customer'],
    [withCustomer({ id: 'user-1' }), '/data/customer'],
    [withCustomer({ externalId: 'x'.repeat(257) }), '/data/customer'],
    [withCustomer({ email: 5 }), '/data/customer/email'],
  ])('is rejected with %j, and told where', (changes, place) => {
    expect(rejectionOf(name, changes)).toEqual({ status: 422, places: [place] });
  });
});
