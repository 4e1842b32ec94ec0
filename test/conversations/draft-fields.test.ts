import { describe, expect, it } from '@jest/globals';
import { checkDraft } from '../../functions/conversations/draft.ts';
import { customer, objectId } from './asked.ts';

/** The pointers of a draft's faults: none when it is taken. */
function faultsOf(draft: object): (string | undefined)[] {
  const checked = checkDraft({ customer, ...draft });
  return 'faults' in checked ? checked.faults.map(({ pointer }) => pointer) : [];
}

const crabs = (count: number) => '🦀'.repeat(count);
const ids = (count: number) => Array.from({ length: count }, (_, index) => objectId(index));
const tags = (count: number) => Array.from({ length: count }, (_, index) => `tag ${index}`);

/** Every value here is taken just as it is, except that dates come out in UTC. */
const accepted: Record<string, unknown[]> = {
  customer: [customer, '0'.repeat(24), 'f'.repeat(24)],
  id: [objectId(1)],
  externalId: ['', 'x', 'x'.repeat(256), crabs(256), '\0'],
  name: ['', 'x'.repeat(256), crabs(256)],
  status: ['open', 'done'],
  priority: [1, 2, 3, 4, 5],
  createdAt: ['2016-11-09T02:46:29.789Z'],
  importedAt: ['2016-11-09T02:46:29.789Z'],
  direction: ['in', 'out'],
  replyChannel: [null, '', 'email', 'x'.repeat(256), crabs(256)],
  tags: [[], ['vip'], tags(20), ['a', 'A', 'à']],
  assignedUsers: [[], [objectId(1)], ids(10)],
  assignedTeams: [[], [objectId(1)], ids(10)],
  custom: [{}, { planStr: 'gold' }],
  defaultLang: [null, '', 'en_us', 'x'.repeat(100), crabs(100)],
  queue: [
    { id: 'q' },
    { id: null },
    { external: 'amazon-connect' },
    { external: null },
    { id: '', external: null },
  ],
};

const wrongTypes = [5, 1.5, true, [], {}, ['x'], { x: 1 }];
/** None of these is taken; the fault is the field's own. */
const refused: Record<string, unknown[]> = {
  customer: [null, '', 'x', objectId(1).slice(1), `${objectId(1)}0`, 'F'.repeat(24), `${objectId(1)}\n`, 5],
  id: [null, '', objectId(1).slice(1), `${objectId(1)}0`, 'g'.repeat(24), 'A'.repeat(24), 5, [objectId(1)]],
  externalId: [null, 'x'.repeat(257), crabs(257), ...wrongTypes],
  name: [null, 'x'.repeat(257), crabs(257), ...wrongTypes],
  status: [null, '', 'snoozed', 'Open', 'open ', ...wrongTypes],
  priority: [null, 0, 6, -1, 1.5, '3', 1e308, true, [3]],
  createdAt: [null, '', 'yesterday', '2016-11-09', 1478659589789, ...wrongTypes],
  importedAt: [null, '', 'yesterday', '2016-11-09', 1478659589789, ...wrongTypes],
  direction: [null, '', 'IN', 'both', ...wrongTypes],
  replyChannel: ['x'.repeat(257), crabs(257), ...wrongTypes],
  tags: [null, 'vip', tags(21), ['a', 'a'], { 0: 'a' }],
  assignedUsers: [null, objectId(1), ids(11), [objectId(1), objectId(1)]],
  assignedTeams: [null, objectId(1), ids(11), [objectId(1), objectId(1)]],
  custom: [null, [], 'x', 5, [{ planStr: 'gold' }]],
  defaultLang: ['x'.repeat(101), crabs(101), ...wrongTypes],
  queue: [null, {}, [], 'q', { id: undefined }],
};

const cases = (table: Record<string, unknown[]>): [string, unknown][] =>
  Object.entries(table).flatMap(([field, values]) =>
    values.map((value): [string, unknown] => [field, value]),
  );

describe('a draft', () => {
  it.each(cases(accepted))('takes as %s %j', (field, value) => {
    expect(checkDraft({ customer, [field]: value })).toEqual({ draft: { customer, [field]: value } });
  });

  it.each(cases(refused))('refuses as %s %j, once', (field, value) => {
    expect(new Set(faultsOf({ [field]: value }))).toEqual(new Set([`/${field}`]));
  });

  it('tells one fault a field, in words that hold', () => {
    const checked = checkDraft({ customer, priority: 1e308 });
    expect(checked).toEqual({
      faults: [
        expect.objectContaining({
          pointer: '/priority',
          title: '/priority must be a whole number from 1 to 5',
        }),
      ],
    });
  });

  it('needs no field but the customer', () => {
    expect(checkDraft({ customer })).toEqual({ draft: { customer } });
    expect(checkDraft({})).toEqual({
      faults: [{ title: '/customer is required', detail: 'It is missing.', pointer: '/customer' }],
    });
  });

  it.each([null, [], 'x', 5, true, undefined, [{ customer }]])('is an object, not %j', (value) => {
    const checked = checkDraft(value);
    expect('faults' in checked && checked.faults.map(({ pointer }) => pointer)).toEqual(['']);
  });

  it.each([
    'campaign',
    'createdBy',
    'modifiedBy',
    'modifiedAt',
    'snooze',
    'channel',
    'Name',
    'customerId',
    '',
  ])('refuses the field "%s", which the contract does not know here', (field) => {
    expect(faultsOf({ [field]: objectId(1) })).toEqual([`/${field}`]);
  });

  it.each([
    ['an unknown key', { id: 'q', name: 'x' }, ['/queue/name']],
    ['another external', { external: 'amazon' }, ['/queue/external']],
    ['a number as id', { id: 5 }, ['/queue/id']],
    ['faults in both', { id: 5, external: '' }, ['/queue/id', '/queue/external']],
  ])('refuses a queue with %s', (_, queue, pointers) => {
    expect(faultsOf({ queue })).toEqual(pointers);
  });

  it.each([
    'a',
    'Z',
    '0',
    '_',
    '/',
    '<',
    '>',
    '-',
    '.',
    'À',
    'ÿ',
    '×',
    'a b',
    'vip customer',
    `${'a'.repeat(64)}`,
  ])('takes the tag "%s"', (tag) => expect(faultsOf({ tags: [tag] })).toEqual([]));

  it.each([
    '',
    ' a',
    'a'.repeat(65),
    'a,b',
    'a#',
    '#a',
    'Ā',
    '日本',
    'a\n',
    '\n',
    'a\tb',
    '🦀',
    'a:b',
    5,
    null,
  ])('refuses the tag %j', (tag) => expect(faultsOf({ tags: ['fine', tag] })).toEqual(['/tags/1']));

  it('writes dates in UTC with milliseconds', () => {
    const dates = { createdAt: '2020-01-01T01:30:00+02:00', importedAt: '2020-01-01T00:00:00.1234567Z' };
    expect(checkDraft({ customer, ...dates })).toEqual({
      draft: { customer, createdAt: '2019-12-31T23:30:00.000Z', importedAt: '2020-01-01T00:00:00.123Z' },
    });
  });
});
