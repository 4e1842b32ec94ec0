import { describe, expect, it } from '@jest/globals';
import { killPoints } from './kill-points.ts';
import { chosenPoints, deathsOf } from './kill-schedule.ts';
import { plan } from './plan.ts';

describe('what a seed decides', () => {
  const none = new Set<string>();

  it('is the same each time', () => {
    expect(plan(1, 100)).toEqual(plan(1, 100));
    expect(chosenPoints(1, 20)).toEqual(chosenPoints(1, 20));
    expect(deathsOf(1, 2, killPoints, none)).toEqual(deathsOf(1, 2, killPoints, none));
  });

  it('is something else with another seed, and in another life', () => {
    expect(plan(2, 100)).not.toEqual(plan(1, 100));
    expect(chosenPoints(2, 20)).not.toEqual(chosenPoints(1, 20));
    expect(deathsOf(2, 2, killPoints, none)).not.toEqual(deathsOf(1, 2, killPoints, none));
    expect(deathsOf(1, 1, killPoints, none)).not.toEqual(deathsOf(1, 2, killPoints, none));
  });

  it('has a tenth of the deliveries sent twice, and each ask another name', () => {
    const asks = plan(1, 200);
    const deliveries = asks.filter((ask) => ask.kind === 'delivery');
    expect(deliveries).toHaveLength(200);
    expect(deliveries.filter(({ repeated }) => repeated === 'at once')).toHaveLength(10);
    expect(deliveries.filter(({ repeated }) => repeated === 'later')).toHaveLength(10);
    const names = asks.flatMap((ask) =>
      ask.kind === 'job' ? ask.items.map(({ name }) => name) : [ask.name],
    );
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('a point', () => {
  it('has a death until somebody has died there, and write-drafts then none', () => {
    const due = (met: ReadonlySet<string>) =>
      Object.entries(deathsOf(1, 1, killPoints, met).at).filter(([, counts]) => counts.length > 0);
    expect(due(new Set())).toHaveLength(killPoints.length);
    const left = due(new Set(killPoints)).map(([point]) => point);
    expect(left).toEqual(killPoints.filter((point) => !point.startsWith('WriteDrafts ')));
  });
});
