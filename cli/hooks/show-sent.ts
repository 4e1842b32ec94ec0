import { cacheLifetime } from '../../functions/hooks/hook-secrets.ts';
import type { Answer } from './deliver.ts';
import type { Found, Result } from './find-conversations.ts';
import type { Target } from '../open-target.ts';

/** One line: the status, how long it took, and the answer's body. */
export function showAnswer({ status, milliseconds, body }: Answer): void {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  console.log(`${status}  ${String(milliseconds).padStart(4)} ms  ${text}`.trimEnd());
}

/** How many answers had which status, the slowest, and the first of each that was none of success. */
export function showSummary(answers: readonly Answer[]): void {
  const byStatus = Map.groupBy(answers, ({ status }) => status);
  const counts = [...byStatus].map(([status, { length }]) => `${length} × ${status}`).join(', ');
  const slowest = Math.max(...answers.map(({ milliseconds }) => milliseconds));
  console.log(`${answers.length} sent: ${counts}; the slowest took ${slowest} ms`);
  for (const [status, [first]] of byStatus) if (status >= 300 && first) showAnswer(first);
}

/** What the answers do not say of themselves. */
export function showAdvice(answers: readonly Answer[], results: readonly Result[]): void {
  if (answers.some(({ status }) => status === 401))
    console.log(
      `\nNot signed with a secret that is live there. One that was just set is taken up within ${cacheLifetime / 1000} s.`,
    );
  for (const { verdict, reason } of results) {
    if (verdict === 'repeated')
      console.log(
        '\nIt came before, and made its conversation then. Another event has another id, and another externalId.',
      );
    if (verdict === 'ignored') console.log('\nIgnored: the source does not accept such an event.');
    if (verdict === 'rejected' || verdict === 'failed')
      console.log(
        `\nKept as ${verdict}, without a conversation${reason === undefined ? '.' : `: ${reason}`}`,
      );
  }
}

/** A conversation's main attributes, or how to see it. */
export function showConversation({ id, attributes, customer, status }: Found, { url }: Target): void {
  console.log(`\nConversation ${id}`);
  if (!attributes) {
    const why = status === undefined ? '' : ` (now it is ${status})`;
    console.log(`  curl ${url}/v1/conversations/${id} -H 'authorization: Bearer <key>'${why}`);
    if (status === undefined) console.log('  or give the key: --key, or INTAKE_KEY in the environment');
    return;
  }
  const { name, externalId, createdAt, custom } = attributes;
  for (const [label, value] of Object.entries({ name, customer, externalId, createdAt, custom })) {
    if (value === undefined) continue;
    console.log(`  ${label.padEnd(10)}  ${typeof value === 'string' ? value : JSON.stringify(value)}`);
  }
}
