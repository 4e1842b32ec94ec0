import { describe, expect, it } from '@jest/globals';
import { VerifiedDelivery, type RawDelivery } from '../../../functions/hooks/delivery.ts';
import type { Refusal } from '../../../functions/hooks/scheme.ts';
import { judged, type SenderCase } from './sender-case.ts';
import { senderCases } from './sender-cases.ts';

/** What becomes of a delivery. */
export type Outcome = 'accepted' | Refusal;

/** Something that is done to good deliveries, and what must come of it. */
export interface Rule {
  /** What goes on after "a delivery". */
  title: string;
  outcome: Outcome;
  /** The titles of the cases that it can be done to; all unless told. */
  only?: readonly string[];
  /** The cases with another outcome, and why. */
  but?: Readonly<Record<string, { outcome: Outcome; because: string }>>;
  alter(of: SenderCase): { delivery: RawDelivery; now?: number; secrets?: readonly string[] };
}

/** A test of each rule for each case. A case that is named must be there, so that no exception outlives its sender. */
export function testRules(rules: readonly Rule[]): void {
  describe.each(rules)('a delivery $title', ({ outcome, only, but = {}, alter }) => {
    const titles = senderCases.map(({ title }) => title);
    const chosen = senderCases.filter(({ title }) => !only || only.includes(title));
    const rows = chosen.map((of) => {
      const { outcome: expected, because } = but[of.title] ?? { outcome, because: undefined };
      return { of, expected, title: `${of.title}: ${expected}${because ? `, for ${because}` : ''}` };
    });

    it.each(rows)('of $title', async ({ of, expected }) => {
      const { delivery, ...context } = alter(of);
      const result = await judged(of, delivery, context);
      expect(result instanceof VerifiedDelivery ? 'accepted' : result).toBe(expected);
    });

    it('has no exception for a sender that is not there', () => {
      expect(titles).toEqual(expect.arrayContaining([...(only ?? []), ...Object.keys(but)]));
    });
  });
}

/** The same exception for several cases. */
export function all(titles: readonly string[], outcome: Outcome, because: string): NonNullable<Rule['but']> {
  return Object.fromEntries(titles.map((title) => [title, { outcome, because }]));
}
