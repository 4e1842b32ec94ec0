import { describe, expect, it } from '@jest/globals';
import { relayPlan } from './relay-plan.ts';

describe('what a seed decides for a relay', () => {
  it('is the same each time, and something else with another seed', () => {
    expect(relayPlan(1, 200)).toEqual(relayPlan(1, 200));
    expect(relayPlan(2, 200)).not.toEqual(relayPlan(1, 200));
  });

  it('has a tenth of the deliveries sent twice, and a tenth of the items in another job too, none twice in one', () => {
    const { asks } = relayPlan(1, 5000);
    const jobs = asks.filter((ask) => ask.kind === 'job');
    const deliveries = asks.filter((ask) => ask.kind === 'delivery' && ask.verdict === 'created');
    expect(deliveries).toHaveLength(1000);
    const repeated = deliveries.filter((ask) => ask.kind === 'delivery' && ask.repeated !== 'never');
    expect(repeated).toHaveLength(100);
    const names = jobs.flatMap(({ items }) => items.map(({ name }) => name));
    expect(names).toHaveLength(4000);
    const again = names.length - new Set(names).size;
    expect(again).toBeGreaterThan(300);
    expect(again).toBeLessThan(500);
    for (const { items } of jobs) expect(new Set(items.map(({ name }) => name)).size).toBe(items.length);
  });
});
