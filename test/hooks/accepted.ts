import { expect } from '@jest/globals';
import type { Conversation } from '../../functions/conversations/conversation.ts';
import { acceptHook, type Accepted, type HookContext } from '../../functions/hooks/accept-hook.ts';
import type { RawDelivery } from '../../functions/hooks/delivery.ts';
import { keysOf } from '../../functions/hooks/keys.ts';
import type { MappedEvent } from '../../functions/hooks/map-delivery.ts';
import { author } from '../conversations/asked.ts';
import { placesOf } from '../expect-problem.ts';
import { githubExample, githubSecret } from './github-delivery.ts';

/** An `issues` event of GitHub with the action `opened`, as far as tests change it. */
export interface IssueOpened {
  issue: { id: number; title: unknown; user: { id: number } | null; html_url: unknown; created_at: string };
  repository?: object;
}

/** GitHub's own example of an opened issue. */
export const opened = () => githubExample<IssueOpened>('issues', 'opened');

/** What accepting takes from outside: all sources have these secrets, it is a fixed time, and nothing can be fetched. */
export function hookContext(secrets: readonly string[] = [githubSecret]): HookContext {
  return {
    author,
    keysOf: (_, scheme) => Promise.resolve(keysOf(scheme, secrets)),
    now: Date.UTC(2020, 0, 1),
    fetchText: (url) => Promise.reject(new Error(`Nothing is to be fetched, not ${url}`)),
  };
}

/** Accepts a delivery to one of the sources that there are. */
export async function accept(
  source: string,
  raw: RawDelivery,
  secrets?: readonly string[],
): Promise<Accepted> {
  return await acceptHook(source, raw, hookContext(secrets));
}

/** The one event of a delivery. Throws an Error for a handshake. */
export function eventOf(accepted: Accepted): MappedEvent {
  if (accepted.kind !== 'events') throw new Error('It is a handshake');
  expect(accepted.events).toHaveLength(1);
  return accepted.events[0]!;
}

/** The conversation that a delivery is to become. Throws an Error when it is to become none. */
export async function conversationOf(source: string, raw: RawDelivery): Promise<Conversation> {
  const { plan } = eventOf(await accept(source, raw));
  if (plan.kind !== 'create') throw new Error(`It is to ${plan.kind}`);
  return plan.conversation;
}

/** Why a genuine delivery is not taken, and under which id that is kept. Throws an Error when it is taken. */
export async function rejectionOf(
  source: string,
  raw: RawDelivery,
): Promise<{ id: string; status: number; places: (string | undefined)[] }> {
  const { id, body, plan } = eventOf(await accept(source, raw));
  expect(body).toEqual(raw.body);
  if (plan.kind !== 'reject') throw new Error(`It is to ${plan.kind}`);
  return { id, status: plan.problem.status, places: placesOf(plan.problem) };
}
