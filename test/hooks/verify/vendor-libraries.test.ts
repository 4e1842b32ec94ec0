import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { VerifiedDelivery } from '../../../functions/hooks/delivery.ts';
import { senders } from '../../../functions/hooks/senders.ts';
import { signDelivery } from '../../../functions/hooks/sign.ts';
import { patience, shareOfRuns } from '../../fuzz/generated.ts';
import { judged } from './sender-case.ts';
import { calledUrl, eventId, signingTime as now, vendorLibraries } from './vendor-libraries.ts';

const aText = fc.string({ unit: 'binary', minLength: 1, maxLength: 50 }).map((text) => text.toWellFormed());
const aField = fc.oneof(
  fc.constantFrom('a', 'ab', 'B', 'é', 'z', '1', '10', '__proto__', '', '\uffff', '🦀'),
  fc.string({ unit: 'binary', maxLength: 5 }),
);
const aForm = fc.oneof(
  fc
    .array(fc.tuple(aField, aField), { minLength: 1, maxLength: 8 })
    .map((fields) => new URLSearchParams(fields).toString()),
  fc
    .array(fc.constantFrom('a', '=', '&', '+', '%', '%C3', '%zz', '%00', 'b=1', ';'), {
      minLength: 1,
      maxLength: 9,
    })
    .map((parts) => parts.join('')),
);

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

  it(
    'and we agree on any body that it can sign',
    async () => {
      const anyBody = contentType === 'application/json' ? aText : aForm;
      await fc.assert(
        fc.asyncProperty(anyBody, async (text) => {
          const theirs = { ...unsigned(text), ...(await library.sign(own, text)) };
          expect(await judged(told, theirs, { now })).toBeInstanceOf(VerifiedDelivery);
          expect(
            await library.verifies(own, signDelivery(scheme, own, unsigned(text), { now, id: eventId })),
          ).toBe(true);
        }),
        shareOfRuns(0.3),
      );
    },
    patience,
  );

  it('signs exactly as we do', async () => {
    const body = bodies[0]!;
    const theirs = { ...unsigned(body), ...(await library.sign(own, body)) };
    const ours = signDelivery(scheme, own, unsigned(body), { now, id: eventId });
    expect(ours.url).toBe(theirs.url);
    expect(ours.headers).toEqual({ 'content-type': contentType, ...theirs.headers });
  });
});
