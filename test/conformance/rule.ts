import { it } from '@jest/globals';
import { format } from 'node:util';
import type { Conversation } from '../../functions/conversations/conversation.ts';

/** How a destination differs from what the suite asks for. Each difference is named, with its reason. */
export interface Differences {
  /** Rules that do not hold, by their titles: they must fail. */
  deviations?: Readonly<Record<string, string>>;
  /** What a conversation that was written is read as: as it was, unless this says otherwise. */
  readAs?(conversation: Conversation): unknown;
  /** What an origin is told as. */
  originReadAs?(origin: string): string;
}

/** What the rules of a suite are written with. */
export interface Rules {
  /** As Jest's `it`. A rule that deviates is expected to fail: one that holds after all must be struck from the list. */
  rule: {
    (title: string, check: Check): void;
    each: Each;
  };
  readAs(conversation: Conversation): unknown;
  originReadAs(origin: string): string;
}

type Check = () => Promise<unknown>;

interface Each {
  <Row extends [unknown, ...unknown[]]>(
    rows: readonly Row[],
  ): (title: string, check: (...row: Row) => Promise<unknown>) => void;
  <Row>(rows: readonly Row[]): (title: string, check: (row: Row) => Promise<unknown>) => void;
}

/** Makes the rules of one destination. `end` throws for a deviation that is no rule's title. */
export function rulesWith({
  deviations = {},
  readAs = (conversation) => conversation,
  originReadAs = (origin) => origin,
}: Differences): Rules & { end(): void } {
  const unmet = new Set(Object.keys(deviations));
  const rule = (title: string, check: Check): void => {
    const reason = Object.hasOwn(deviations, title) ? deviations[title] : undefined;
    unmet.delete(title);
    if (reason === undefined) it(title, check);
    else it.failing(`deviates (${reason}): ${title}`, check);
  };
  const each: Each =
    (rows: readonly unknown[]) => (title: string, check: (...row: never[]) => Promise<unknown>) => {
      for (const row of rows) {
        const values: readonly unknown[] = Array.isArray(row) ? row : [row];
        rule(titleOf(title, values), () => check(...(values as never[])));
      }
    };
  const end = (): void => {
    if (unmet.size > 0) throw new Error(`There are no such rules: ${[...unmet].join(', ')}`);
  };
  return { rule: Object.assign(rule, { each }), readAs, originReadAs, end };
}

/** `%s` stands for the next value of the row, `$name` for a property of its first. */
function titleOf(title: string, values: readonly unknown[]): string {
  const count = title.match(/%[sdj]/g)?.length ?? 0;
  const [first] = values;
  return format(title, ...values.slice(0, count)).replaceAll(/\$(\w+)/g, (_, name: string) =>
    String((first as Record<string, unknown>)[name]),
  );
}
