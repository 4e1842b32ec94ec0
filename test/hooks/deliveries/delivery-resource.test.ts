import { describe, expect, it } from '@jest/globals';
import { keptDeliveryResource } from '../../../functions/hooks/delivery-resource.ts';
import { VerifiedDelivery } from '../../../functions/hooks/delivery.ts';
import { owner } from './an-entry.ts';

const bodyShown = (body: Buffer) =>
  keptDeliveryResource({
    ...owner,
    event: 'e',
    verdict: 'ignored',
    receivedAt: '2026-03-01T10:00:00.000Z',
    attempts: 1,
    size: body.length,
    delivery: new VerifiedDelivery({ headers: { 'x-event': 'opened' }, body }),
  }).attributes;

describe('a delivery by itself', () => {
  it('shows the headers that it is read with, and its body as text', () => {
    const body = ' { "title": "é🦀" }\r\n';
    expect(bodyShown(Buffer.from(body))).toMatchObject({ headers: { 'x-event': 'opened' }, body });
    expect(bodyShown(Buffer.alloc(0)).body).toBe('');
  });

  it.each([
    ['of a megabyte', Buffer.alloc(1024 * 1024, 'a'), true],
    ['of a byte more', Buffer.alloc(1024 * 1024 + 1, 'a'), false],
    ['that is no UTF-8', Buffer.from([0xff, 0xfe]), false],
    ['that takes more than an answer has room for as JSON', Buffer.alloc(900_000, '\u0001'), false],
  ])('shows a body %s: %#', (_, body, isShown) => {
    expect(bodyShown(body).body).toBe(isShown ? body.toString() : null);
  });
});
