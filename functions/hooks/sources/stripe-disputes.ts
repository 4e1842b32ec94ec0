import * as z from 'zod/mini';
import { shortenTo } from '../../conversations/text.ts';
import { firstCustomer } from '../first-customer.ts';
import { stripe } from '../senders/stripe.ts';
import { source } from '../source.ts';

/** In seconds, up to the year 9999: what can be written as a date-time. */
const unixTime = z.int().check(z.minimum(0), z.maximum(253_402_300_799));

/**
 * A disputed payment at Stripe becomes a conversation with whoever paid. A dispute tells that only by the email address that Stripe, or
 * somebody, has entered as evidence; without one that can be an address, the customer is the charge: a charge has one payer.
 */
export default source({
  sender: stripe,
  accept: ({ type }) => type === 'charge.dispute.created',
  // https://docs.stripe.com/api/disputes/object in https://docs.stripe.com/api/events/object, where nothing is expanded
  payload: z.object({
    data: z.object({
      object: z.object({
        id: z.string(),
        amount: z.int(),
        charge: z.string(),
        created: unixTime,
        currency: z.string(),
        evidence: z.nullish(z.object({ customer_email_address: z.nullish(z.string()) })),
        evidence_details: z.nullish(z.object({ due_by: z.nullish(unixTime) })),
        livemode: z.boolean(),
        payment_intent: z.nullish(z.string()),
        reason: z.string(),
        status: z.string(),
      }),
    }),
  }),
  delivery: 'queued',
  draft({ data: { object: dispute } }) {
    const dueBy = dispute.evidence_details?.due_by;
    const charge = { externalId: `stripe-charge-${dispute.charge}` };
    return {
      customer: firstCustomer([{ email: dispute.evidence?.customer_email_address }]) ?? charge,
      externalId: `stripe-dispute-${dispute.id}`,
      name: shortenTo(256, `Payment disputed: ${dispute.reason.replaceAll('_', ' ')}`),
      createdAt: new Date(dispute.created * 1000).toISOString(),
      custom: {
        amountNum: dispute.amount, // In the currency's smallest unit: 1000 is 10.00 USD, and 1000 JPY.
        currencyStr: dispute.currency,
        reasonStr: dispute.reason,
        statusStr: dispute.status,
        chargeStr: dispute.charge,
        liveBool: dispute.livemode,
        ...(dispute.payment_intent && { paymentIntentStr: dispute.payment_intent }),
        // 0 where the bank takes no evidence.
        ...(dueBy && { evidenceDueAt: new Date(dueBy * 1000).toISOString() }),
      },
    };
  },
});
