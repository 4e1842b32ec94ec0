import { describe, expect, it } from '@jest/globals';
import { VerifiedDelivery } from '../../../functions/hooks/delivery.ts';
import { senders } from '../../../functions/hooks/senders.ts';
import { signDelivery } from '../../../functions/hooks/sign.ts';
import { judged } from './sender-case.ts';
import { calledUrl, eventId, signingTime as now, vendorLibraries } from './vendor-libraries.ts';

describe.each(vendorLibraries)('$title, the vendor’s own library,', (library) => {
  const { bodies, contentType } = library;
  const { scheme } = senders[library.sender]!;
  const secretOf = (n: number) => library.secret(n).told;
  const [own, other] = [secretOf(0), secretOf(1)];
  const told = { scheme, secret: secretOf };
  const unsigned = (body: string) => ({
    headers: { 'content-type': contentType },
    url: calledUrl,
    method: 'POST',
    body: Buffer.from(body),
  });

  it.each(bodies)('signs what we accept: %#', async (body) => {
    const delivery = { ...unsigned(body), ...(await library.sign(own, body)) };
    expect(await judged(told, delivery, { now })).toBeInstanceOf(VerifiedDelivery);
    expect(await judged(told, delivery, { now, secrets: [other, own] })).toMatchObject({ secretIndex: 1 });
    expect(await judged(told, delivery, { now, secrets: [other] })).toBe('wrong signature');
    const altered = Buffer.concat([delivery.body, Buffer.from('&x')]);
    expect(typeof (await judged(told, { ...delivery, body: altered }, { now }))).toBe('string');
  });

  it.each(bodies)('accepts what we sign: %#', async (body) => {
    const delivery = signDelivery(scheme, own, unsigned(body), { now, id: eventId });
    expect(await library.verifies(own, delivery)).toBe(true);
    expect(await library.verifies(other, delivery)).toBe(false);
    expect(await library.verifies(own, { ...delivery, body: Buffer.from('x=y') })).toBe(false);
  });

  it('signs exactly as we do', async () => {
    const body = bodies[0]!;
    const theirs = { ...unsigned(body), ...(await library.sign(own, body)) };
    const ours = signDelivery(scheme, own, unsigned(body), { now, id: eventId });
    expect(ours.url).toBe(theirs.url);
    expect(ours.headers).toEqual({ 'content-type': contentType, ...theirs.headers });
  });
});
