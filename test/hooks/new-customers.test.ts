import { describe, expect, it } from '@jest/globals';
import { VerifiedDelivery } from '../../functions/hooks/delivery.ts';
import { mapDelivery } from '../../functions/hooks/map-delivery.ts';
import type { SourceDraft } from '../../functions/hooks/source.ts';
import { author, customer } from '../conversations/asked.ts';
import { ticket, ticketSource } from './deliveries/a-ticket-source.ts';

/** The conversation that an event becomes, as far as its customer goes. */
function customerOf(ref: SourceDraft['customer'], newCustomers?: boolean): object {
  const tickets = ticketSource((name) => ({ customer: ref, name }));
  const source = newCustomers === undefined ? tickets : { ...tickets, newCustomers };
  const delivery = new VerifiedDelivery({ headers: {}, body: ticket('1') });
  const [mapped] = mapDelivery('tickets', source, delivery, { author });
  if (mapped?.plan.kind !== 'create') throw new Error(`It is to ${mapped?.plan.kind}`);
  const { customer: id, named } = mapped.plan.conversation;
  return { id, named };
}

describe('the customer of a source’s event', () => {
  const ref = { email: 'Ada@example.com' };
  const named = { kind: 'email', text: 'ada@example.com' };

  it('may be new, unless the source says otherwise', () => {
    expect(customerOf(ref)).toMatchObject({ named });
    expect(customerOf(ref, true)).toEqual(customerOf(ref));
    expect(customerOf(ref, false)).toEqual({ ...customerOf(ref), named: { ...named, mustExist: true } });
  });

  it('is an id, where the source gives one', () => {
    expect(customerOf({ id: customer }, false)).toEqual({ id: customer });
  });
});
