import { describe, expect, it } from '@jest/globals';
import { accepts, draftOf, rejectionOf } from './sample-event.ts';

const name = 'stripe-disputes';
const dispute = '/data/object';
const email = `${dispute}/evidence/customer_email_address`;

describe('a dispute at Stripe', () => {
  it('is a conversation with whoever paid', () => {
    expect(draftOf(name)).toEqual({
      customer: { email: 'mira.holt@example.com' },
      externalId: 'stripe-dispute-du_1RkTq1LuKp7wVbX3Zt5yHc2N',
      name: 'Payment disputed: product not received',
      createdAt: '2025-10-15T09:10:05.000Z',
      custom: {
        amountNum: 4900,
        currencyStr: 'usd',
        reasonStr: 'product_not_received',
        statusStr: 'needs_response',
        chargeStr: 'ch_3RiQk8LuKp7wVbX31aBcD2eF',
        paymentIntentStr: 'pi_3RiQk8LuKp7wVbX31kLmN4oP',
        evidenceDueAt: '2025-10-23T23:59:59.000Z',
        liveBool: false,
      },
    });
  });

  it('is taken when it is created, and not when anything else happens', () => {
    expect(accepts(name, { type: 'charge.dispute.created' })).toBe(true);
    for (const type of ['charge.dispute.updated', 'charge.dispute.closed', 'charge.failed', undefined]) {
      expect(accepts(name, { type })).toBe(false);
    }
  });

  it.each([
    ['null', { [email]: null }],
    ['missing', { [email]: undefined }],
    ['empty', { [email]: '' }],
    ['no address', { [email]: 'not known' }],
    ['without evidence around it', { [`${dispute}/evidence`]: null }],
  ])('is with the payer of the charge when the email address is %s', (_, changes) => {
    expect(draftOf(name, changes).customer).toEqual({
      externalId: 'stripe-charge-ch_3RiQk8LuKp7wVbX31aBcD2eF',
    });
  });

  it('has no date for evidence when the bank takes none', () => {
    const due = `${dispute}/evidence_details/due_by`;
    for (const changes of [{ [due]: 0 }, { [due]: null }, { [`${dispute}/evidence_details`]: undefined }]) {
      expect(draftOf(name, changes).custom).not.toHaveProperty('evidenceDueAt');
    }
  });

  it('has no payment intent when the charge was made without one', () => {
    const { custom } = draftOf(name, { [`${dispute}/payment_intent`]: null });
    expect(custom).not.toHaveProperty('paymentIntentStr');
  });

  it.each([
    [{ '/data': undefined }, '/data'],
    [{ [dispute]: null }, dispute],
    [{ [`${dispute}/id`]: 5 }, `${dispute}/id`],
    [{ [`${dispute}/amount`]: '4900' }, `${dispute}/amount`],
    [{ [`${dispute}/amount`]: 49.5 }, `${dispute}/amount`],
    [{ [`${dispute}/charge`]: null }, `${dispute}/charge`],
    [{ [`${dispute}/created`]: -1 }, `${dispute}/created`],
    [{ [`${dispute}/created`]: 253_402_300_800 }, `${dispute}/created`],
    [{ [`${dispute}/currency`]: undefined }, `${dispute}/currency`],
    [{ [`${dispute}/livemode`]: 'false' }, `${dispute}/livemode`],
    [{ [`${dispute}/reason`]: null }, `${dispute}/reason`],
    [{ [`${dispute}/status`]: undefined }, `${dispute}/status`],
    [{ [email]: 5 }, email],
    [{ [`${dispute}/evidence_details/due_by`]: 'soon' }, `${dispute}/evidence_details/due_by`],
  ])('is rejected with %j, and told where', (changes, place) => {
    expect(rejectionOf(name, changes)).toEqual({ status: 422, places: [place] });
  });
});
