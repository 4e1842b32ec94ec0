import { describe, expect, it } from '@jest/globals';
import { setImmediate } from 'node:timers/promises';
import { KustomerBudget } from '../../functions/conversations/kustomer-budget.ts';
import { Postponed } from '../../functions/conversations/postponed.ts';

const now = Date.UTC(2026, 0, 1);
const reset = { 'x-ratelimit-reset': String(now / 1000 + 30) };
const left = (remaining: number, more = {}) => ({
  'x-ratelimit-limit': '1000',
  'x-ratelimit-remaining': String(remaining),
  ...more,
});
type Answer = [status: number, headers: Record<string, string>];

/** A budget whose clock stands at `now`, after some answers. */
function budgetAfter(answers: readonly Answer[], plan?: number): KustomerBudget {
  const budget = new KustomerBudget(0.2, plan, () => now);
  for (const [status, headers] of answers) budget.note(status, new Headers(headers), now);
  return budget;
}

/** How many are let in of those who wait at once, while none of them is done. */
async function letIn(budget: KustomerBudget): Promise<number> {
  let count = 0;
  for (let n = 0; n < 20; n++) void budget.admit(now).then(() => count++);
  await setImmediate();
  return count;
}

describe('the budget of an organisation', () => {
  it('tells what was left when an answer told last, and nothing before one did', () => {
    expect(budgetAfter([[200, {}]]).remaining).toBeUndefined();
    expect(
      budgetAfter([
        [200, left(700)],
        [200, left(650)],
        [502, {}],
      ]).remaining,
    ).toBe(650);
  });

  it.each<[string, Answer[], number]>([
    ['the reserve is reached, until the reset', [[200, left(200, reset)]], 30],
    ['the reserve is reached and nobody says when it is reset, for 10 s', [[201, left(199)]], 10],
    ['a 429 came, until the reset', [[429, reset]], 30],
    ['a 429 came that says nothing, for 10 s', [[429, {}]], 10],
  ])('is closed when %s', async (_, answers, seconds) => {
    const budget = budgetAfter(answers);
    expect(budget.closedUntil - now).toBe(seconds * 1000);
    await expect(budget.admit(now + seconds * 1000 - 1)).rejects.toMatchObject({
      name: 'Postponed',
      until: now + seconds * 1000,
    });
  });

  it.each<[string, Answer[]]>([
    ['there is more than the reserve', [[200, left(201, reset)]]],
    ['nothing was heard of it', [[200, {}]]],
    ['what was heard is nonsense', [[200, { 'x-ratelimit-limit': 'x', 'x-ratelimit-remaining': 'y' }]]],
    [
      'there is enough again',
      [
        [429, reset],
        [200, left(900)],
      ],
    ],
  ])('is open when %s', (_, answers) => {
    expect(budgetAfter(answers).closedUntil).toBeLessThanOrEqual(now);
  });

  it('stays closed whatever an answer says to a request that was sent before it closed', () => {
    const budget = budgetAfter([[429, reset]]);
    budget.note(200, new Headers(left(900)), now - 1);
    expect(budget.closedUntil).toBe(now + 30_000);
  });

  it.each<[string, Answer[], number]>([
    ['nothing was heard yet', [], 1],
    ['there is plenty', [[200, left(900)]], 8],
    ['nothing is said of a limit', [[200, {}]], 8],
    ['so many are left above the reserve', [[200, left(203)]], 3],
  ])('lets as many in at once as it can bear when %s', async (_, answers, count) => {
    expect(await letIn(budgetAfter(answers))).toBe(count);
  });

  it('lets the next one in when one is done, and more when an answer says that there is more', async () => {
    const budget = budgetAfter([]);
    const entered: string[] = [];
    const done = await budget.admit(now);
    void budget.admit(now).then(() => entered.push('second'));
    void budget.admit(now).then(() => entered.push('third'));
    await setImmediate();
    expect(entered).toEqual([]);
    done();
    await setImmediate();
    expect(entered).toEqual(['second']);
    budget.note(200, new Headers(left(900)), now);
    await setImmediate();
    expect(entered).toEqual(['second', 'third']);
  });

  it('turns away who cannot be let in in time', async () => {
    const budget = budgetAfter([]);
    await expect(budget.admit(now - 1)).rejects.toBeInstanceOf(Postponed);
    await expect(budget.admit(now)).resolves.toBeInstanceOf(Function);
  });

  it('lets one in after a reset, until that one’s answer tells', async () => {
    let time = now;
    const budget = new KustomerBudget(0.2, undefined, () => time);
    budget.note(200, new Headers(left(900)), now);
    budget.note(429, new Headers(reset), now);
    time = now + 30_000;
    let count = 0;
    for (let n = 0; n < 20; n++) void budget.admit(time).then(() => count++);
    await setImmediate();
    expect(count).toBe(1);
    budget.note(200, new Headers(left(990)), time);
    await setImmediate();
    expect(count).toBe(8);
  });

  it('is short for as long again as it was closed', () => {
    expect(budgetAfter([[429, reset]]).shortUntil).toBe(now + 60_000);
    expect(budgetAfter([[200, left(900)]]).shortUntil).toBeLessThanOrEqual(now);
  });

  it('counts by the plan where the answers say only what is left', () => {
    const low: Answer = [200, { 'x-ratelimit-remaining': '100', ...reset }];
    expect(budgetAfter([low], 500).closedUntil).toBe(now + 30_000);
    expect(budgetAfter([low]).closedUntil).toBeLessThanOrEqual(now);
  });

  it('tells what was left last', () => {
    expect(budgetAfter([]).remaining).toBeUndefined();
    expect(
      budgetAfter([
        [200, left(900)],
        [200, {}],
      ]).remaining,
    ).toBe(900);
  });
});
