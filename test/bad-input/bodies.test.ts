import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { localSystem, send, type Answer } from '../contract/local-system.ts';
import { objectId } from '../conversations/asked.ts';
import { allOf, dataOf, type Listed } from '../journeys/bulk-client.ts';
import { expectRefusal } from './refusal.ts';

beforeAll(async () => void (await localSystem()), 60_000);

const json = { 'content-type': 'application/json' };
const limit = 100 * 1024;
const create = (
  customer: string,
  body: string | Buffer<ArrayBuffer>,
  headers: Record<string, string> = json,
): Promise<Answer> => send('POST', `/v1/customers/${customer}/conversations`, { body, headers });
/** JSON of so many bytes: blanks count, too. */
const ofBytes = (bytes: number) => '{"name":"large"}'.padEnd(bytes);
const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

describe('a body that is refused', () => {
  const customer = objectId(0xe1000);
  afterEach(async () => {
    expect(await allOf(customer)).toEqual([]);
  });

  it.each([
    ['no JSON', 'hello'],
    ['truncated JSON', '{"name":"tru'],
    ['JSON that ends too early', '{"name":"a",'],
    ['two values', '{} {}'],
    ['single quotes', "{'name':'a'}"],
    ['blanks alone', '  \n '],
    ['a raw NUL in a string', '{"name":"a\0b"}'],
    ['a raw line feed in a string', '{"name":"a\nb"}'],
    ['NaN', '{"priority":NaN}'],
    ['two byte order marks', '\ufeff\ufeff{}'],
  ])('is %s', async (_, body) => {
    expectRefusal(await create(customer, body), 400, 'bad_request', ['']);
  });

  it.each(['[]', '[{}]', '"name"', '7', 'true', 'null'])('is JSON of the wrong kind: %s', async (body) => {
    expectRefusal(await create(customer, body), 400, 'bad_request', ['']);
  });

  it.each([
    ['a stray byte', [0x7b, 0x22, 0x6e, 0xff, 0x22, 0x3a, 0x31, 0x7d]],
    ['a cut character', [0x22, 0xe2, 0x82, 0x22]],
    ['an overlong form', [0x22, 0xc0, 0xaf, 0x22]],
    ['a surrogate as UTF-8', [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ['UTF-16', [0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]],
  ])('is not UTF-8: %s', async (_, bytes) => {
    expectRefusal(await create(customer, Buffer.from(bytes)), 400, 'bad_request', ['']);
  });

  it('has more than 100 KB', async () => {
    const answer = await create(customer, ofBytes(limit + 1));
    expectRefusal(answer, 413, 'payload_too_large', [undefined]);
    expect(answer.body).toMatchObject({ errors: [{ meta: { limit } }] });
  });

  it.each([
    ['arrays', `{"custom":{"aStr":${nested(10_000)}}}`, '/custom/aStr/0'],
    ['objects', `${'{"custom":'.repeat(9_000)}{}${'}'.repeat(9_000)}`, '/custom/custom/custom'],
    ['one level too many', `{"custom":{"aStr":${nested(31)}}}`, '/custom/aStr/0'],
    ['an unknown field', `{"subject":${nested(10_000)}}`, '/subject/0/0'],
    ['the body itself', nested(10_000), '/0/0/0'],
  ])('is nested deeper than 32 levels: %s', async (_, body, pointer) => {
    expectRefusal(await create(customer, body), 400, 'bad_request', [pointer]);
  });

  it.each(['__proto__', 'constructor', 'prototype'])('has %s for a key, at any level', async (key) => {
    for (const value of ['1', '{"status":"done"}', 'null']) {
      const member = `"${key}":${value}`;
      expectRefusal(await create(customer, `{${member}}`), 400, 'bad_request', [`/${key}`]);
      expectRefusal(await create(customer, `{"custom":{${member}}}`), 400, 'bad_request', [`/custom/${key}`]);
      expectRefusal(await create(customer, `{"queue":{"id":"a",${member}}}`), 400, 'bad_request', [
        `/queue/${key}`,
      ]);
    }
  });

  it.each([
    ['in a value', '{"name":"a\\ud800b"}', '/name'],
    ['the other half', '{"name":"\\udc00"}', '/name'],
    ['two halves the wrong way round', '{"name":"\\udc00\\ud800"}', '/name'],
    ['in a custom attribute', '{"custom":{"aStr":"\\udfff"}}', '/custom/aStr'],
    ['in a tag', '{"tags":["fine","\\ud83d"]}', '/tags/1'],
    ['in a key', '{"custom":{"\\ud83dStr":"a"}}', '/custom/\ufffdStr'],
  ])('holds a lone surrogate %s', async (_, body, pointer) => {
    expectRefusal(await create(customer, body), 400, 'bad_request', [pointer]);
  });

  it.each([
    ['{"priority":1e400}', '/priority'],
    ['{"priority":-1e400}', '/priority'],
    [`{"priority":${'9'.repeat(400)}}`, '/priority'],
    ['{"custom":{"aNum":1e309}}', '/custom/aNum'],
    ['{"custom":{"aNum":-1e309}}', '/custom/aNum'],
  ])('has a number beyond what a double holds: %#', async (body, pointer) => {
    expectRefusal(await create(customer, body), 400, 'bad_request', [pointer]);
  });

  it.each([
    ['at the top', '{"subject":"a"}', '/subject'],
    ['that other routes take', `{"customer":"${customer}"}`, '/customer'],
    ['of a stored conversation', '{"createdBy":"a"}', '/createdBy'],
    ['without a name', '{"":1}', '/'],
    ['in queue', '{"queue":{"id":"a","name":"b"}}', '/queue/name'],
    ['in custom, which has no suffix', '{"custom":{"plan":"gold"}}', '/custom/plan'],
    ['that has to be escaped', '{"a/b~c":1}', '/a~1b~0c'],
  ])('has an unknown field %s', async (_, body, pointer) => {
    expectRefusal(await create(customer, body), 400, 'bad_request', [pointer]);
  });

  it('has many faults, of which each is told', async () => {
    const body = {
      status: 'snoozed',
      priority: 6,
      id: 'X',
      custom: { aNum: '1', plan: 1 },
      channel: 'email',
    };
    const answer = await create(customer, JSON.stringify(body));
    expectRefusal(answer, 400, 'bad_request', [
      '/id',
      '/status',
      '/priority',
      '/custom/aNum',
      '/custom/plan',
      '/channel',
    ]);
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
    'application/jsonp',
    'application/json; charset=iso-8859-1',
    'application/json, text/plain',
    'json',
  ])('is said to be %s', async (type) => {
    const answer = await create(customer, '{}', { 'content-type': type });
    expectRefusal(answer, 415, 'unsupported_media_type', ['content-type']);
  });
});

describe('an odd body that is taken', () => {
  let customers = 0xe2000;
  const created = async (body: string | Buffer<ArrayBuffer>, headers?: Record<string, string>) => {
    const customer = objectId(++customers);
    const answer = await create(customer, body, headers);
    expect(answer.status).toBe(201);
    const listed = await allOf(customer);
    expect(listed).toEqual([dataOf<Listed>(answer)]);
    return listed[0]!.attributes;
  };

  it('has exactly 100 KB', async () => {
    expect(await created(ofBytes(limit))).toMatchObject({ name: 'large' });
  });

  it('has a NUL in its strings, which comes back', async () => {
    const sent = { name: 'a\u0000b', externalId: '\u0000', custom: { aStr: '\u0000\u0001' } };
    expect(await created(JSON.stringify(sent))).toMatchObject(sent);
  });

  it('has a key twice: the last counts', async () => {
    expect(await created('{"name":"first","name":"last","priority":9,"priority":1}')).toMatchObject({
      name: 'last',
      priority: 1,
    });
  });

  it('begins with a byte order mark', async () => {
    expect(await created('\ufeff{"name":"marked"}')).toMatchObject({ name: 'marked' });
  });

  it('has whole surrogate pairs, written either way', async () => {
    expect(await created('{"name":"\\ud83e\\udd80🦀"}')).toMatchObject({ name: '🦀🦀' });
  });

  it('has numbers at the ends of what a double holds', async () => {
    const body = '{"custom":{"aNum":1.7976931348623157e308,"bNum":5e-324,"cNum":9007199254740991}}';
    expect(await created(body)).toMatchObject({
      custom: { aNum: Number.MAX_VALUE, bNum: 5e-324, cNum: Number.MAX_SAFE_INTEGER },
    });
  });

  it.each([
    'application/json',
    'APPLICATION/JSON; Charset="UTF-8"',
    'application/vnd.api+json',
    'application/json;charset=utf8',
  ])('is said to be %s', async (type) => {
    expect(await created('{"name":"typed"}', { 'content-type': type })).toMatchObject({ name: 'typed' });
  });

  it('is said to be nothing, or is not there at all', async () => {
    expect(await created(Buffer.from('{"name":"untyped"}'), {})).toMatchObject({ name: 'untyped' });
    expect(await created('')).toMatchObject({ name: '' });
  });
});
