import type { Fault } from '../lambda/problem.ts';
import { customerIdOf, isObjectId } from './identity.ts';
import { hasAtMost } from './text.ts';

/** Who a conversation is with: by id, or by what another system knows of the customer. */
export type CustomerRef = { id: string } | { email: string } | { phone: string } | { externalId: string };

/** The same, checked, in its one way of writing: an id is a plain text, an email address has no capitals. */
export type NamedCustomer = string | Exclude<CustomerRef, { id: string }>;

/** Of several references, which no caller may give, a source's first one in this order counts. */
export const refKinds = ['id', 'externalId', 'email', 'phone'] as const;
export type RefKind = (typeof refKinds)[number];

/** What each kind of reference must be. */
export const refRules: Record<RefKind, string> = {
  id: 'an object id: 24 lower-case hex digits',
  externalId: '1 to 256 characters',
  email: 'an email address',
  phone: 'a phone number',
};

/** Characters: https://www.rfc-editor.org/errata/eid1690 */
const longestEmail = 254;

/** A reference in its one way of writing; undefined when it cannot name a customer. */
export function canonicalRef(kind: RefKind, text: string): NamedCustomer | undefined {
  switch (kind) {
    case 'id':
      return isObjectId(text) ? text : undefined;
    case 'externalId':
      return text !== '' && hasAtMost(256, text) ? { externalId: text } : undefined;
    case 'email': {
      const email = text.trim().toLowerCase();
      return email.length <= longestEmail && /^[^\s@]+@[^\s@]+$/.test(email) ? { email } : undefined;
    }
    case 'phone': {
      const phone = text.replaceAll(/[\s().\-/]/g, '');
      return /^\+?\d{3,20}$/.test(phone) ? { phone } : undefined;
    }
  }
}

/**
 * The id of the customer that a source's `ref` names: with the DynamoDB destination it follows from the reference, the same each time. Email
 * addresses count without regard to case, phone numbers without blanks and punctuation. Or what is wrong with the reference; an id is
 * not looked at.
 */
export function customerIdFor(org: string, ref: CustomerRef): { id: string } | { fault: Fault } {
  if ('id' in ref) return { id: ref.id };
  const kind = refKinds.find((each) => each in ref)!;
  const named = canonicalRef(kind, (ref as Record<RefKind, string>)[kind]);
  if (named !== undefined) return { id: namedCustomerId(org, named) };
  const pointer = `/customer/${kind}`;
  return { fault: { title: `${pointer} must be ${refRules[kind]}`, pointer } };
}

/** The id of a customer whose reference is checked: as customerIdFor derives it. */
export function namedCustomerId(org: string, named: NamedCustomer): string {
  if (typeof named === 'string') return named;
  if ('externalId' in named) return customerIdOf(org, named.externalId);
  return 'email' in named ? customerIdOf(org, named.email, 'email') : customerIdOf(org, named.phone, 'phone');
}
