import { customerNamedBy, type CustomerRef } from '../conversations/customer-ref.ts';
import { isObjectId } from '../conversations/identity.ts';

/** What an event may tell of a customer: it may be missing, or anything that somebody typed. */
export type MaybeCustomer = {
  [Field in 'id' | 'email' | 'phone' | 'externalId']?: string | null | undefined;
};

/**
 * The first of several references that can name a customer; undefined when none can. For events whose email address, say, is whatever
 * somebody typed: it must not cost the conversation when something else tells who it is. Of one candidate with several fields the first
 * counts in the order id, email, phone, externalId.
 */
export function firstCustomer(candidates: readonly MaybeCustomer[]): CustomerRef | undefined {
  return candidates.flatMap(references).find(isUsable);
}

function references({ id, email, phone, externalId }: MaybeCustomer): CustomerRef[] {
  return [
    ...(id ? [{ id }] : []),
    ...(email ? [{ email }] : []),
    ...(phone ? [{ phone }] : []),
    ...(externalId ? [{ externalId }] : []),
  ];
}

function isUsable(ref: CustomerRef): boolean {
  return 'id' in ref ? isObjectId(ref.id) : 'named' in customerNamedBy(ref);
}
