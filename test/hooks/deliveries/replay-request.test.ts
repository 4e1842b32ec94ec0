import { describe, expect, it } from '@jest/globals';
import { parseReplayRequest, replayCursor } from '../../../functions/hooks/replay-request.ts';
import { stranger } from '../../conversations/asked.ts';
import { placesOf, problemOf } from '../../expect-problem.ts';
import { owner } from './an-entry.ts';

const parse = (value: unknown) => parseReplayRequest(value, owner);

describe('a request to replay many', () => {
  it('is for a hundred that failed when it says nothing', () => {
    expect(parse({})).toEqual({ verdict: 'failed', limit: 100, dryRun: false });
  });

  it('may say which, how many, and that it only tries', () => {
    const from = '2026-03-01T10:00:00+01:00';
    expect(
      parse({ verdict: 'rejected', from, to: '2026-03-02T00:00:00Z', limit: 1000, dryRun: true }),
    ).toEqual({
      verdict: 'rejected',
      from: '2026-03-01T09:00:00.000Z',
      to: '2026-03-02T00:00:00.000Z',
      limit: 1000,
      dryRun: true,
    });
  });

  it('goes on from a cursor, also when it only tried before, with the same filter and no other', async () => {
    const request = parse({ from: '2026-03-01T10:00:00Z', dryRun: true });
    const cursor = replayCursor('2026-03-01T11:00:00.000Z#e', owner, request);
    const same = { from: '2026-03-01T10:00:00.000Z', cursor };
    expect(parse({ ...same, limit: 1 }).position).toBe('2026-03-01T11:00:00.000Z#e');
    for (const [value, by] of [
      [{ ...same, verdict: 'queued' }, owner],
      [{ cursor }, owner],
      [{ ...same, cursor: `${cursor}x` }, owner],
      [same, { ...owner, source: 'others' }],
      [same, { ...owner, org: stranger.org }],
    ] as const) {
      const problem = await problemOf(400, () => parseReplayRequest(value, by));
      expect(placesOf(problem)).toEqual(['/cursor']);
    }
  });

  it('is refused with every fault at once, those of its text included', async () => {
    const faulty = { verdict: 'all', from: 1, to: 'today', limit: 1001, dryRun: 'yes', cursor: 5, more: 1 };
    const problem = await problemOf(400, () =>
      parseReplayRequest(faulty, owner, [{ title: 'x', pointer: '/text' }]),
    );
    expect(placesOf(problem).toSorted()).toEqual(
      ['/text', ...Object.keys(faulty).map((name) => `/${name}`)].toSorted(),
    );
  });

  it.each([0, -1, 1.5, '10', null])('knows no limit of %j', async (limit) => {
    expect(placesOf(await problemOf(400, () => parse({ limit })))).toEqual(['/limit']);
  });

  it.each([[undefined], [null], [[]], ['failed'], [7]])('is an object, not %j', async (value) => {
    expect(placesOf(await problemOf(400, () => parse(value)))).toEqual(['']);
  });
});
