import { describe, expect, it } from '@jest/globals';
import { parseJson, readJsonBody } from '../../functions/lambda/json-body.ts';
import { badRequest } from '../../functions/lambda/problem.ts';
import { placesOf, problemOf } from '../expect-problem.ts';

const limit = 100 * 1024;
const json = { 'content-type': 'application/json' };

/** Reads a body as API Gateway delivers it: text as it is, bytes in base64. Throws what is wrong with it, as handlers do. */
function read(
  body: string | Buffer | undefined,
  headers: Record<string, string | undefined> = json,
  upTo = limit,
) {
  const carrier =
    typeof body === 'string' || body === undefined
      ? { body, isBase64Encoded: false, headers }
      : { body: body.toString('base64'), isBase64Encoded: true, headers };
  const { value, faults } = readJsonBody(carrier, upTo);
  if (faults.length > 0) throw badRequest(faults);
  return value;
}
const utf8 = (text: string) => Buffer.from(text);

describe('the size of a body', () => {
  const bodyOf = (bytes: number) => JSON.stringify('x'.repeat(bytes - 2));

  it('may be exactly the limit, and not a byte more', async () => {
    expect(read(bodyOf(limit))).toBe('x'.repeat(limit - 2));
    const problem = await problemOf(413, () => read(bodyOf(limit + 1)));
    expect(problem).toMatchObject({ code: 'payload_too_large', faults: [{ meta: { limit } }] });
  });

  it('is counted in bytes, not in characters, and before base64', async () => {
    const crabs = JSON.stringify('🦀'.repeat((limit - 4) / 4));
    expect(utf8(crabs)).toHaveLength(limit - 2);
    expect(read(crabs)).toBe(read(utf8(crabs)));
    await problemOf(413, () => read(`${crabs}   `));
    await problemOf(413, () => read(utf8(`${crabs}   `)));
  });

  it('is looked at before anything else is', async () => {
    await problemOf(413, () => read('x'.repeat(limit + 1), { 'content-type': 'text/plain' }));
  });
});

describe('the content type of a body', () => {
  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'application/json;charset=UTF-8',
    'application/json; charset="utf-8"',
    'application/json; charset=utf8',
    'Application/JSON',
    'application/vnd.api+json',
    'application/json; profile="x"; charset=utf-8',
    undefined,
  ])('may be %s', (contentType) => {
    expect(read('{}', { 'content-type': contentType })).toEqual({});
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/json',
    'application/jsonp',
    'application/json-patch',
    'application/json, text/plain',
    'application/json; charset=iso-8859-1',
    'application/json; charset=utf-16',
    'json',
    '',
  ])('is refused when it is "%s"', async (contentType) => {
    const problem = await problemOf(415, () => read('{}', { 'content-type': contentType }));
    expect(problem.code).toBe('unsupported_media_type');
  });

  it('does not matter when there is no body', () => {
    expect(read(undefined, {})).toBeUndefined();
    expect(read('', { 'content-type': 'text/plain' })).toBeUndefined();
  });
});

describe('the text of a body', () => {
  it.each<[string, unknown]>([
    ['{"a": [1, null, true, "x"]}', { a: [1, null, true, 'x'] }],
    [' \r\n\t{} \n', {}],
    ['null', null],
    ['"x"', 'x'],
    ['-0', -0],
    ['1e308', 1e308],
    ['{"a": 1, "a": 2}', { a: 2 }],
    ['"\\ud83e\\udd80"', '🦀'],
    ['"\\u0000"', '\0'],
    ['{"": 1}', { '': 1 }],
  ])('is read as JSON: %s', (text, value) => {
    expect(read(text)).toEqual(value);
    expect(read(utf8(text))).toEqual(value);
  });

  it('may begin with a byte order mark, and with one only', async () => {
    expect(read('\ufeff{"a": 1}')).toEqual({ a: 1 });
    expect(read(Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0x7d]))).toEqual({});
    expect(read('"\ufeff"')).toBe('\ufeff');
    await problemOf(400, () => read('\ufeff\ufeff{}'));
  });

  it.each([
    ['a byte that no UTF-8 has', [0x22, 0xff, 0x22]],
    ['a sequence cut short', [0x22, 0xf0, 0x9f, 0xa6, 0x22]],
    ['an overlong form', [0x22, 0xc0, 0x80, 0x22]],
    ['a surrogate half in UTF-8', [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ['UTF-16', [0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]],
    ['gzip', [0x1f, 0x8b, 0x08, 0x00]],
  ])('is refused when it holds %s', async (_, bytes) => {
    const problem = await problemOf(400, () => read(Buffer.from(bytes)));
    expect(problem.faults).toEqual([{ title: 'The body is not valid UTF-8', pointer: '' }]);
  });

  it.each([
    '{',
    '{"a": 1',
    '{"a"',
    '"abc',
    '[1, 2',
    '{"a": 1}}',
    '{} {}',
    '{a: 1}',
    "{'a': 1}",
    '[1,]',
    '{"a": 1,}',
    '01',
    'NaN',
    'undefined',
    '// {}',
    '"\t"',
    '"\\x41"',
    ' ',
    '\ufeff',
    'name=x',
    '<a/>',
  ])('is refused when it is not JSON: %j', async (text) => {
    const problem = await problemOf(400, () => read(text));
    expect(problem.faults).toMatchObject([{ title: 'The body is not valid JSON', pointer: '' }]);
  });

  it('is not repeated in the answer when it is not JSON', async () => {
    for (const text of ['sk_live_secret', '{"key": sk_live_secret}', '{"key": "sk_live_secret']) {
      const { faults } = await problemOf(400, () => read(text));
      expect(JSON.stringify(faults)).not.toContain('sk_');
    }
  });
});

describe('the JSON of a webhook', () => {
  it('may hold what a body of ours may not: any depth, any key, any text', () => {
    expect(parseJson(utf8('"\\ud800"'))).toBe('\ud800');
    expect(Object.keys(parseJson(utf8('{"__proto__": 1}')) as object)).toEqual(['__proto__']);
    expect(JSON.stringify(parseJson(utf8('['.repeat(1000) + ']'.repeat(1000))))).toHaveLength(2000);
  });
});

describe('a key that JavaScript reserves', () => {
  it.each(['__proto__', 'constructor', 'prototype'])('is refused at every level: %s', async (key) => {
    const nested = `{"a": [{"b": {"${key}": {"polluted": true}}}], "${key}": 1, "c/d": {"${key}": null}}`;
    const problem = await problemOf(400, () => read(nested));
    expect(placesOf(problem).toSorted()).toEqual([`/${key}`, `/a/0/b/${key}`, `/c~1d/${key}`].toSorted());
    expect('polluted' in {}).toBe(false);
  });

  it('is refused however it is written', async () => {
    const problem = await problemOf(400, () => read('{"\\u005f_proto__": {}}'));
    expect(placesOf(problem)).toEqual(['/__proto__']);
  });

  it('is taken as a value', () => {
    expect(read('["__proto__", "constructor", "prototype"]')).toEqual([
      '__proto__',
      'constructor',
      'prototype',
    ]);
  });

  it('is another when its case is another', () => {
    expect(read('{"__PROTO__": 1, "Constructor": 2}')).toEqual({ __PROTO__: 1, Constructor: 2 });
  });
});

describe('half of a surrogate pair', () => {
  it.each([
    ['"\\ud800"', ['']],
    ['"x\\udc00"', ['']],
    ['"\\udc00\\ud800"', ['']],
    ['{"a": {"b": ["\\ud83e"]}}', ['/a/b/0']],
    ['{"a\\ud800": 1}', ['/a\ufffd']],
    ['{"a\\ud800": "\\udfff"}', ['/a\ufffd']],
    ['["\\ud800", "fine", "\\udc00"]', ['/0', '/2']],
  ])('is refused in %s', async (text, places) => {
    const problem = await problemOf(400, () => read(text));
    expect(placesOf(problem).toSorted()).toEqual(places);
    for (const { pointer, title } of problem.faults) {
      expect(`${title}${pointer}`.isWellFormed()).toBe(true);
    }
  });
});
