import type { Fault } from '../lambda/problem.ts';
import { customerIdOf, isObjectId } from './identity.ts';
import { hasAtMost } from './text.ts';

/** Who a conversation is with: by id, or by what another system knows of the customer. */
export type CustomerRef = { id: string } | { email: string } | { phone: string } | { externalId: string };

/** The same, checked, in its one way of writing: an id is a plain text, an email address has no capitals. */
export type NamedCustomer = string | Exclude<CustomerRef, { id: string }>;

/** What a customer who has no known id is called, for a destination that knows customers by ids of its own. */
export interface CustomerName {
  kind: Exclude<RefKind, 'id'>;
  /** In its one way of writing. */
  text: string;
  /** No customer is made where there is none of this name. */
  mustExist?: true;
}

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
 * The customer that a source's `ref` names, in one way of writing: email addresses count without regard to case, phone numbers without
 * blanks and punctuation. Or what is wrong with the reference; an id is not looked at.
 */
export function customerNamedBy(ref: CustomerRef): { named: NamedCustomer } | { fault: Fault } {
  if ('id' in ref) return { named: ref.id };
  const kind = refKinds.find((each) => each in ref)!;
  const named = canonicalRef(kind, (ref as Record<RefKind, string>)[kind]);
  if (named !== undefined) return { named };
  const pointer = `/customer/${kind}`;
  return { fault: { title: `${pointer} must be ${refRules[kind]}`, pointer } };
}

/** What a checked reference other than an id calls the customer. */
export function customerName(named: Exclude<NamedCustomer, string>): CustomerName {
  if ('externalId' in named) return { kind: 'externalId', text: named.externalId };
  return 'email' in named ? { kind: 'email', text: named.email } : { kind: 'phone', text: named.phone };
}

/** The id that follows from a name, the same each time: the customer's own with the DynamoDB destination. */
export function derivedCustomerId(org: string, { kind, text }: CustomerName): string {
  return kind === 'externalId' ? customerIdOf(org, text) : customerIdOf(org, text, kind);
}
