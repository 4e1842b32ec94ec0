import { describe, expect, it, jest } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { receiveDelivery } from '../../../functions/hooks/receive-delivery.ts';
import { discord } from '../../../functions/hooks/senders/discord.ts';
import { shopify } from '../../../functions/hooks/senders/shopify.ts';
import { slack } from '../../../functions/hooks/senders/slack.ts';
import { problemOf } from '../../expect-problem.ts';
import { contextOf, keepers, signed, sourceOf } from './a-delivery.ts';

// These wait for a sender's whole deadline.
jest.setTimeout(15_000);
const never = <Value>() => new Promise<Value>(() => {});

describe('a sender that does not wait long', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const hex = Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url').toString('hex');
  const command = { id: '1', type: 2, token: 't' };
  const rows = [
    ['Slack', 3, contextOf('s', sourceOf(slack)), signed(slack, { type: 'event_callback', event_id: 'Ev1' })],
    ['Discord', 3, contextOf('s', sourceOf(discord), [hex]), signed(discord, command, {}, privateKey)],
    [
      'Shopify',
      5,
      contextOf('s', sourceOf(shopify)),
      signed(shopify, { id: 1 }, { 'x-shopify-webhook-id': 'w-1' }),
    ],
  ] as const;

  /** Hands the delivery of each in at once, and expects every answer within its sender's deadline. */
  const each = async (act: (row: (typeof rows)[number]) => Promise<void>) => {
    const inTime = async (row: (typeof rows)[number]) => {
      const began = performance.now();
      await act(row);
      const [sender, deadline] = row;
      const took = performance.now() - began;
      expect({ sender, isInTime: took < deadline * 1000 - 500 }).toEqual({ sender, isInTime: true });
    };
    await Promise.all(rows.map(inTime));
  };

  it('has its answer in time from a direct source whose destination does not answer', async () => {
    await each(async ([, , context, raw]) => {
      const kept = keepers();
      const stalled = { ...kept.store, create: never<never> };
      const { handled } = await receiveDelivery('s', raw, context, { ...kept, store: stalled });
      expect(handled).toMatchObject([{ verdict: 'queued' }]);
      expect(kept.queued).toHaveLength(1);
    });
  });

  it('is told 503 in time when nothing answers, so that it tries again', async () => {
    await each(async ([, , context, raw]) => {
      const kept = keepers();
      const all = { ...kept, store: { ...kept.store, create: never<never> }, log: { record: never<void> } };
      const { code } = await problemOf(503, () => receiveDelivery('s', raw, context, all));
      expect(code).toBe('unavailable');
    });
  });
});
