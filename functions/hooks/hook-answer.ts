import type { Problem } from '../lambda/problem.ts';
import type { Handled } from './carry-out.ts';
import type { Sender } from './sender.ts';

/** An answer to a sender, without a body where it wants none; or the refusal of an event that does not fit. */
export type HookAnswer = { status: number; body?: object } | { problem: Problem };

/**
 * What a sender is answered when all events of its delivery are kept. A sender that then lets it be is told that an event does not fit;
 * others are told that all is well.
 */
export function hookAnswer(
  source: string,
  sender: Pick<Sender<unknown>, 'misfit' | 'success'>,
  handled: readonly Handled[],
): HookAnswer {
  const [only, ...others] = handled;
  if (only && others.length === 0) {
    if (only.problem && sender.misfit === 'refuse') return { problem: only.problem };
    if (sender.success !== 'verdict') return { status: sender.success };
    return { status: statuses[only.verdict] ?? 200, body: { data: resource(source, only) } };
  }
  if (sender.success !== 'verdict') return { status: sender.success };
  return { status: 200, body: { data: handled.map((each) => resource(source, each)) } };
}

/** The answer to a handshake that wants no body of its own: as an event that the source does not take. */
export function handshakeAnswer(source: string): object {
  return { data: { type: 'delivery', attributes: { source, verdict: 'ignored' } } };
}

const statuses: Partial<Record<Handled['verdict'], number>> = { created: 201, queued: 202 };

/** What became of an event; `conversation` is the id of the one that it led to, at once or soon. */
function resource(source: string, { event, verdict, conversation, problem }: Handled): object {
  return {
    type: 'delivery',
    id: event,
    attributes: {
      source,
      verdict,
      ...(conversation !== undefined && { conversation }),
      ...(problem && { faults: problem.faults.map(({ title, pointer }) => ({ title, pointer })) }),
    },
  };
}
