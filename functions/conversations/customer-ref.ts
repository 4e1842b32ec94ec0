import type { Fault } from '../lambda/problem.ts';
import { customerIdOf } from './identity.ts';

/** Who a conversation is with: by id, or by what another system knows of the customer. */
export type CustomerRef = { id: string } | { email: string } | { phone: string } | { externalId: string };

/**
 * The id of the customer that `ref` names: with the DynamoDB destination it follows from the reference, the same each time. Email
 * addresses count without regard to case, phone numbers without blanks and punctuation. Or what is wrong with the reference.
 */
export function customerIdFor(org: string, ref: CustomerRef): { id: string } | { fault: Fault } {
  if ('id' in ref) return { id: ref.id };
  if ('externalId' in ref) {
    const known = ref.externalId !== '' && ref.externalId.length <= 256;
    return known ? { id: customerIdOf(org, ref.externalId) } : unusable('externalId', '1 to 256 characters');
  }
  if ('email' in ref) {
    const email = ref.email.trim().toLowerCase();
    const known = /^[^\s@]+@[^\s@]+$/.test(email);
    return known ? { id: customerIdOf(org, email, 'email') } : unusable('email', 'an email address');
  }
  const phone = ref.phone.replaceAll(/[\s().\-/]/g, '');
  const known = /^\+?\d{3,20}$/.test(phone);
  return known ? { id: customerIdOf(org, phone, 'phone') } : unusable('phone', 'a phone number');
}

function unusable(field: string, rule: string): { fault: Fault } {
  return { fault: { title: `/customer/${field} must be ${rule}`, pointer: `/customer/${field}` } };
}
