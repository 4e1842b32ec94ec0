import { setTimeout as delay } from 'node:timers/promises';
import { VerifiedDelivery, type RawDelivery } from '../../functions/hooks/delivery.ts';
import { mapDelivery } from '../../functions/hooks/map-delivery.ts';
import type { AnySource } from '../../functions/hooks/source.ts';
import type { Answer } from './deliver.ts';
import type { Target } from '../open-target.ts';

/** What an event led to. */
export interface Result {
  verdict: string;
  /** The conversation's id. */
  conversation?: string;
  /** Why there is none. */
  reason?: string;
}

/** A conversation as the API gives it; without attributes when it could not be read. */
export interface Found {
  id: string;
  attributes?: Record<string, unknown>;
  customer?: string;
  /** The status with which it was not given. */
  status?: number;
}

/** Milliseconds that a queued conversation is waited for. */
const patience = 15_000;

/**
 * What became of the events of a delivery: as the answer tells; and where a sender is told nothing, as this project's own code would have
 * it.
 */
export function resultsOf(
  name: string,
  source: AnySource,
  { delivery, answer, org }: { delivery: RawDelivery; answer: Answer; org: string },
): Result[] {
  const told = (answer.body as { data?: Resource | Resource[] } | undefined)?.data;
  if (told !== undefined) return [told].flat().map(resultIn);
  // The user is the stage's: no id follows from it.
  const author = { org, user: '' };
  return mapDelivery(name, source, new VerifiedDelivery(delivery), { author }).map(({ plan }) => {
    if (plan.kind === 'create') return { verdict: 'taken', conversation: plan.conversation.id };
    if (plan.kind === 'ignore') return { verdict: 'ignored' };
    const reason = plan.kind === 'fail' ? String(plan.error) : plan.problem.message;
    return { verdict: plan.kind === 'fail' ? 'failed' : 'rejected', reason };
  });
}

interface Resource {
  attributes: Omit<Result, 'reason'> & { faults?: { title: string }[] };
}

function resultIn({ attributes: { verdict, conversation, faults } }: Resource): Result {
  return {
    verdict,
    ...(conversation !== undefined && { conversation }),
    ...(faults && { reason: faults.map(({ title }) => title).join('; ') }),
  };
}

/** Reads a conversation, waiting for one that is on its way. */
export async function findConversation(id: string, { url, key }: Target): Promise<Found> {
  const until = performance.now() + patience;
  for (;;) {
    const response = await fetch(`${url}/v1/conversations/${id}`, {
      headers: { authorization: `Bearer ${key}` },
      signal: AbortSignal.timeout(patience),
    });
    const body = (await response.json()) as { data?: ConversationResource };
    if (response.ok && body.data) {
      const { attributes, relationships } = body.data;
      return { id, attributes, customer: relationships.customer.data.id };
    }
    if (response.status !== 404 || performance.now() > until) return { id, status: response.status };
    await delay(200);
  }
}

interface ConversationResource {
  attributes: Record<string, unknown>;
  relationships: { customer: { data: { id: string } } };
}
