import { describe, expect, it } from '@jest/globals';
import { createHmac, hash } from 'node:crypto';
import { VerifiedDelivery } from '../../../functions/hooks/delivery.ts';
import { senders } from '../../../functions/hooks/senders.ts';
import { judged } from './sender-case.ts';
import { textSecret } from './test-keys.ts';

const base = 'https://intake.example.com/v1/hooks/twilio';
const form = 'application/x-www-form-urlencoded';
const { told, key } = textSecret(0);

/** What becomes of a delivery whose URL, and what else there may be, is signed as it should be. */
async function outcomeOf(url: string, body: string, contentType: string | undefined, fields = '') {
  const signature = createHmac('sha1', key)
    .update(url + fields)
    .digest('base64');
  const delivery = {
    headers: { 'x-twilio-signature': signature, 'content-type': contentType },
    url,
    method: 'POST',
    body: Buffer.from(body),
  };
  const result = await judged({ scheme: senders['twilio']!.scheme, secret: () => told }, delivery);
  return result instanceof VerifiedDelivery ? 'accepted' : result;
}
const uncovered = 'body not covered by the signature';
const body = '{"a":"é"}';
const sum = hash('sha256', body);

describe('a body that is no form', () => {
  it.each([
    ['as the only parameter', `?bodySHA256=${sum}`],
    ['as the first', `?bodySHA256=${sum}&a=1`],
    ['as the last', `?a=1&bodySHA256=${sum}`],
    ['before a fragment', `?bodySHA256=${sum}#rc=3`],
  ])('is accepted with its hash in the query: %s', async (_, query) => {
    expect(await outcomeOf(base + query, body, 'application/json')).toBe('accepted');
    expect(await outcomeOf(base + query, `${body} `, 'application/json')).toBe(uncovered);
    expect(await outcomeOf(base + query, '', 'application/json')).toBe(uncovered);
  });

  it.each([
    ['without it', ''],
    ['with an empty one', '?bodySHA256='],
    ['in upper case', `?bodySHA256=${sum.toUpperCase()}`],
    ['with a blank after it', `?bodySHA256=${sum}+`],
    ['twice', `?bodySHA256=${sum}&bodySHA256=${sum}`],
    ['with another one before it', `?bodySHA256=${hash('sha256', 'x')}&bodySHA256=${sum}`],
    ['with another one after it', `?bodySHA256=${sum}&bodySHA256=${hash('sha256', 'x')}`],
    ['under another name', `?bodysha256=${sum}`],
    ['at the end of another name', `?xbodySHA256=${sum}`],
    ['in the fragment', `#bodySHA256=${sum}`],
    ['in base64', `?bodySHA256=${hash('sha256', body, 'base64')}`],
  ])('is refused although the URL is signed, with its hash %s', async (_, query) => {
    expect(await outcomeOf(base + query, body, 'application/json')).toBe(uncovered);
    expect(await outcomeOf(base + query, body, undefined)).toBe(uncovered);
  });
});

describe('a form', () => {
  it('is known by its content type', async () => {
    for (const type of [form, `${form}; charset=UTF-8`, form.toUpperCase()]) {
      expect(await outcomeOf(base, 'b=2&a=1', type, 'a1b2')).toBe('accepted');
    }
    for (const type of [undefined, '', 'multipart/form-data', 'application/json', `x-${form}`]) {
      expect(await outcomeOf(base, 'b=2&a=1', type, 'a1b2')).toBe(uncovered);
    }
  });

  it('with a hash in the query is covered by the hash alone', async () => {
    const url = `${base}?bodySHA256=${hash('sha256', 'a=1')}`;
    expect(await outcomeOf(url, 'a=1', form)).toBe('accepted');
    expect(await outcomeOf(url, 'a=1', form, 'a1')).toBe('wrong signature');
    expect(await outcomeOf(url, 'a=2', form)).toBe(uncovered);
  });

  it('of no fields is a URL alone', async () => {
    expect(await outcomeOf(base, '', form)).toBe('accepted');
    expect(await outcomeOf(base, '', undefined)).toBe('accepted');
    expect(await outcomeOf(base, 'a=1', form)).toBe('wrong signature');
  });
});
