import { describe, expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { headersPath, readSample, samplePath } from '../../cli/hooks/read-sample.ts';
import { signSample, withId } from '../../cli/hooks/sign-sample.ts';
import { VerifiedDelivery } from '../../functions/hooks/delivery.ts';
import { keysOf } from '../../functions/hooks/keys.ts';
import { verify } from '../../functions/hooks/schemes.ts';
import { senders } from '../../functions/hooks/senders.ts';
import type { AnySource } from '../../functions/hooks/source.ts';
import { mapSample } from '../hooks/map-sample.ts';
import { root } from './cli-process.ts';
import { keyPairOf } from './key-pair.ts';

const folder = join(root, 'cli/starters');
const sourceOf = async (sender: string) =>
  ((await import(`../../cli/starters/${sender}.ts`)) as { default: AnySource }).default;

describe('the starters', () => {
  it('are one for each sender, with a sample and its headers', () => {
    const wanted = Object.keys(senders).flatMap((sender) => {
      const sample = samplePath(folder, sender);
      return [join(folder, `${sender}.ts`), sample, headersPath(sample)];
    });
    expect(
      readdirSync(folder)
        .map((name) => join(folder, name))
        .sort(),
    ).toEqual(wanted.sort());
  });
});

describe.each(Object.entries(senders))('the starter of %s', (name, sender) => {
  it('signs as the sender does', async () => {
    expect((await sourceOf(name)).sender.scheme).toEqual(sender.scheme);
  });

  it('makes one conversation of its sample, and none of an event with nothing in it', async () => {
    const file = samplePath(folder, name);
    const source = await sourceOf(name);
    expect(mapSample(name, source, { file })).toMatchObject([{ kind: 'create' }]);
    expect(mapSample(name, source, { file, payload: {} })).toMatchObject([{ kind: 'reject' }]);
  });

  it('has a sample that holds as long as it is signed anew, and no longer', async () => {
    const { scheme } = sender;
    if (scheme.kind === 'topic') return;
    const { secret, signWith } = keyPairOf(scheme);
    const sample = withId(scheme, readSample(samplePath(folder, name)));
    const url = `https://hooks.example.com/v1/hooks/${name}`;
    const delivery = signSample(scheme, signWith, sample, url);
    const verified = (now: number) =>
      verify(scheme, delivery, keysOf(scheme, [secret]), {
        now,
        fetchText: () => Promise.reject(new Error()),
      });
    expect(await verified(Date.now())).toBeInstanceOf(VerifiedDelivery);
    const freshness = scheme.kind === 'signature' ? scheme.freshness : undefined;
    const later = await verified(Date.now() + 3_600_000);
    if (freshness) expect(later).toBe('too old');
    else expect(later).toBeInstanceOf(VerifiedDelivery);
  });
});
