import { describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { VerifiedDelivery, type RawDelivery } from '../../../functions/hooks/delivery.ts';
import { keysOf } from '../../../functions/hooks/keys.ts';
import { verify } from '../../../functions/hooks/schemes.ts';
import type { Sender } from '../../../functions/hooks/sender.ts';
import { apiKeySender } from '../../../functions/hooks/senders/api-key.ts';
import { basicSender } from '../../../functions/hooks/senders/basic.ts';
import { bearerSender } from '../../../functions/hooks/senders/bearer.ts';
import { hmacSender, type HmacOptions } from '../../../functions/hooks/senders/generic-hmac.ts';
import { signDelivery } from '../../../functions/hooks/sign.ts';
import { delivered } from './delivered.ts';

const now = Date.parse('2026-11-25T12:00:00Z');
const fetchText = () => Promise.reject(new Error('Nothing is to be fetched'));
const secret = 'a2V5IGluIGJhc2U2NCwgdG9v';
const raw = (headers: Record<string, string> = {}, body = '{"uid":"a","x":"é"}'): RawDelivery => ({
  headers,
  body: Buffer.from(body),
  method: 'POST',
  url: 'https://hooks.example.com/v1/hooks/them',
});
const judge = ({ scheme }: Sender<unknown>, delivery: RawDelivery) =>
  verify(scheme, delivery, keysOf(scheme, [secret]), { now, fetchText });

const plain: HmacOptions = {
  name: 'them',
  header: 'X-Their-Signature',
  hash: 'sha256',
  encoding: 'hex',
  eventId: 'body',
};

describe('a sender with HMACs of its own', () => {
  it('signs time and body with a comma between, as Convoy does', () => {
    const convoy = hmacSender({
      ...plain,
      header: 'x-convoy-signature',
      label: 'v1=',
      timestamp: 'signature',
      signed: ['timestamp', { text: ',' }, 'body'],
    });
    const { body } = raw();
    const digest = createHmac('sha256', secret)
      .update(`${now / 1000},`)
      .update(body)
      .digest('hex');
    const signature = `t=${now / 1000},v1=${'0'.repeat(64)},v1=${digest}`;
    expect(judge(convoy, raw({ 'x-convoy-signature': signature }))).toBeInstanceOf(VerifiedDelivery);
    expect(judge(convoy, raw({ 'x-convoy-signature': signature }, 'else'))).toBe('wrong signature');
    expect(judge(convoy, raw({ 'x-convoy-signature': `v1=${digest}` }))).toBe('no timestamp');
  });

  it.each<[string, Partial<HmacOptions>]>([
    ['the body alone', {}],
    ['another hash, encoding and label', { hash: 'sha512', encoding: 'base64', label: 'sha512=' }],
    ['a key in base64', { key: 'base64', hash: 'sha1' }],
    ['a time in a header', { timestamp: { header: 'X-Their-Time' }, unit: 'ms' }],
    ['an id in a header', { id: 'X-Their-Id' }],
    ['both', { timestamp: { header: 'x-their-time' }, unit: 'rfc3339', id: 'x-their-id' }],
    ['method and URL', { signed: ['method', { text: ' ' }, 'url', { text: '\n' }, 'body'] }],
    ['a list', { form: { separator: ' ' }, label: 'a=' }],
  ])('may sign %s: what is altered is refused', async (_, options) => {
    const sender = hmacSender({ ...plain, ...options });
    const signed = signDelivery(sender.scheme, secret, raw(), { now, id: 'one' });
    expect(await judge(sender, signed)).toBeInstanceOf(VerifiedDelivery);
    expect(await judge(sender, { ...signed, body: Buffer.from('else') })).toBe('wrong signature');
    for (const [header, other] of [
      ['x-their-time', '2026-11-25T12:00:01Z'],
      ['x-their-id', 'two'],
    ] as const) {
      if (signed.headers[header] === undefined) continue;
      expect(await judge(sender, { ...signed, headers: { ...signed.headers, [header]: other } })).toMatch(
        /wrong|malformed/,
      );
    }
  });

  it('signs id, time and body with dots between, unless told', () => {
    const signedOf = (options: Partial<HmacOptions>) => {
      const { scheme } = hmacSender({ ...plain, ...options });
      return scheme.kind === 'signature' ? scheme.signed : [];
    };
    const dot = { text: '.' };
    expect(signedOf({})).toEqual(['body']);
    expect(signedOf({ timestamp: 'signature' })).toEqual(['timestamp', dot, 'body']);
    expect(signedOf({ timestamp: 'signature', id: 'a' })).toEqual(['id', dot, 'timestamp', dot, 'body']);
  });

  it.each<[string, Partial<HmacOptions>]>([
    ['body', { signed: ['url'] }],
    ['timestamp', { timestamp: { header: 'a' }, signed: ['body'] }],
    ['timestamp', { signed: ['timestamp', 'body'] }],
    ['id', { id: 'a', signed: ['body'] }],
    ['id', { signed: ['id', 'body'] }],
  ])('cannot leave its %s unsigned, nor sign what stands nowhere', (part, options) => {
    expect(() => hmacSender({ ...plain, ...options })).toThrow(part);
  });

  it('finds an old delivery too old by the tolerance it is told', () => {
    for (const [tolerance, answer] of [
      [undefined, 'too old'],
      [301, expect.any(VerifiedDelivery)],
    ] as const) {
      const sender = hmacSender({ ...plain, timestamp: { header: 'x-t' }, ...(tolerance && { tolerance }) });
      const signed = signDelivery(sender.scheme, secret, raw(), { now: now - 301_000 });
      expect(judge(sender, signed)).toEqual(answer);
    }
  });
});

describe('a sender that no file knows', () => {
  const idAndType = (sender: Sender<unknown>, headers: Record<string, string>, body: unknown) =>
    sender.events(delivered({ headers, body })).map(({ id, envelope }) => [id, envelope]);

  it('has its event’s id and type in a header, however that is written', () => {
    const sender = bearerSender({ name: 'a', eventId: { header: 'X-Id' }, eventType: { header: 'X-Type' } });
    expect(idAndType(sender, { 'x-id': 'one', 'x-type': 'made' }, { id: 'two' })).toEqual([
      ['one', { type: 'made' }],
    ]);
    expect(sender.reads).toEqual(['content-type', 'x-id', 'x-type']);
  });

  it('has its event’s id and type deep in the body', () => {
    const sender = basicSender({
      name: 'a',
      eventId: { field: ['a', 'b'] },
      eventType: { field: ['a', 'c'] },
    });
    expect(idAndType(sender, {}, { a: { b: 5, c: 'made' } })).toEqual([['5', { type: 'made' }]]);
    expect(idAndType(sender, {}, { a: 5 })).toEqual([[undefined, { type: undefined }]]);
  });

  it('is told events apart by their bytes where they have no id', () => {
    const sender = apiKeySender({ name: 'a', header: 'X-Key', eventId: 'body' });
    const idOf = (body: string) => idAndType(sender, {}, body)[0]?.[0];
    expect(idOf('{"a":1}')).toBe(idOf('{"a":1}'));
    expect(idOf('{"a":1}')).not.toBe(idOf('{"a": 1}'));
    expect(idOf('{"a":1}')).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it('is answered in the time and the way that it is told', () => {
    const told = { deadline: 2, misfit: 'accept', success: 204 } as const;
    expect(bearerSender({ name: 'a', eventId: 'body', ...told })).toMatchObject(told);
  });

  it('proves itself as it is told', async () => {
    for (const sender of [
      bearerSender({ name: 'a', eventId: 'body' }),
      basicSender({ name: 'a', eventId: 'body' }),
      apiKeySender({ name: 'a', header: 'X-Key', eventId: 'body' }),
    ]) {
      expect(await judge(sender, signDelivery(sender.scheme, secret, raw(), { now }))).toBeInstanceOf(
        VerifiedDelivery,
      );
      expect(await judge(sender, signDelivery(sender.scheme, 'other', raw(), { now }))).toBe(
        'wrong signature',
      );
      expect(await judge(sender, raw())).toBe('no signature');
    }
  });
});
