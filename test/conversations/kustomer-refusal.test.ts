import { describe, expect, it } from '@jest/globals';
import { refusalOf } from '../../functions/conversations/kustomer-refusal.ts';

const now = Date.UTC(2026, 0, 1);
const seconds = now / 1000;
const refusal = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  refusalOf(
    { status, headers: new Headers(headers), text: typeof body === 'string' ? body : JSON.stringify(body) },
    now,
  );

describe('a refusal of Kustomer', () => {
  it('is told with its own titles, codes, pointers and details, one entry for each fault', () => {
    const problem = refusal(400, {
      errors: [
        {
          status: 400,
          code: 'badparam',
          title: 'Additional properties not allowed',
          detail: '/properties/custom/additionalProperties',
          source: { parameter: 'plan' },
        },
        { status: 400, code: 'other', title: 'Too long', source: { pointer: '/name' }, meta: { limit: 256 } },
      ],
    });
    expect(problem).toMatchObject({ status: 400, code: 'badparam' });
    expect(problem.faults).toEqual([
      {
        title: 'Additional properties not allowed',
        detail: '/properties/custom/additionalProperties',
        parameter: 'plan',
      },
      { title: 'Too long', pointer: '/name', meta: { limit: 256 } },
    ]);
  });

  it('is told by its message where the entries have no title', () => {
    const problem = refusal(404, { errors: [{ code: 'notfound', message: 'No such customer', meta: {} }] });
    expect(problem).toMatchObject({ status: 404, code: 'notfound', message: 'No such customer' });
  });

  it.each([
    ['nothing', ''],
    ['HTML', '<html>'],
    ['truncated JSON', '{"errors":[{"title":"No'],
    ['null', 'null'],
    ['a number', '5'],
    ['another shape', '{"message":"No"}'],
    ['no entries', '{"errors":[]}'],
    ['entries that are none', '{"errors":[null,5,"No",[]]}'],
    ['an entry that says nothing', '{"errors":[{}]}'],
    ['fields of other types', '{"errors":[{"title":5,"code":{},"source":"x","meta":[],"detail":null}]}'],
  ])('is told by its status when the body is %s', (_, body) => {
    expect(refusal(400, body)).toMatchObject({
      status: 400,
      code: 'bad_request',
      faults: [{ title: 'Kustomer refused the request with status 400' }],
    });
    expect(refusal(418, body).code).toBe('refused');
  });

  it('is cut where it is long, and whole Unicode', () => {
    const { faults } = refusal(400, { errors: [{ title: `${'x'.repeat(999)}🦀` }] });
    expect(faults[0]?.title).toBe(`${'x'.repeat(999)}\ufffd`);
    const many = { errors: Array.from({ length: 2000 }, () => ({ title: 'x' })) };
    expect(refusal(400, many).faults).toHaveLength(1000);
  });

  it.each([
    ['epoch seconds', { 'x-ratelimit-reset': String(seconds + 30) }, 30],
    ['seconds to wait', { 'x-ratelimit-reset': '30' }, 30],
    ['Retry-After in seconds', { 'retry-after': '30' }, 30],
    ['Retry-After as a date', { 'retry-after': new Date(now + 30_000).toUTCString() }, 30],
    ['a time that is past', { 'x-ratelimit-reset': String(seconds - 5) }, -5],
    ['nothing', {}, 60],
    ['nonsense', { 'x-ratelimit-reset': 'soon', 'retry-after': 'soon' }, 60],
    ['a day to wait', { 'retry-after': '86400' }, 900],
  ])('passes on when its limit is reset, given %s', (_, headers, wait) => {
    expect(refusal(429, '', { 'x-ratelimit-limit': '1000', ...headers })).toMatchObject({
      status: 429,
      code: 'rate_limited',
      headers: {
        'x-ratelimit-limit': '1000',
        'x-ratelimit-reset': String(seconds + wait),
        'retry-after': String(Math.max(1, wait)),
      },
    });
  });

  it('passes no header on but those of the limit', () => {
    expect(refusal(400, '', { 'retry-after': '5', 'set-cookie': 'a=b' }).headers).toEqual({});
  });
});
