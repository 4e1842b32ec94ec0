import * as z from 'zod/mini';
import { shortenTo } from '../../functions/conversations/text.ts';
import { stripe } from '../../functions/hooks/senders/stripe.ts';
import { source } from '../../functions/hooks/source.ts';

/** An invoice whose payment fails at Stripe becomes a conversation with the customer. */
export default source({
  sender: stripe,
  accept: ({ type }) => type === 'invoice.payment_failed',
  // https://docs.stripe.com/api/invoices/object
  payload: z.object({
    data: z.object({
      object: z.object({
        id: z.string(),
        customer: z.string(),
        number: z.nullable(z.string()),
        amount_due: z.int(),
        currency: z.string(),
        hosted_invoice_url: z.nullable(z.string()),
      }),
    }),
  }),
  delivery: 'queued',
  draft: ({ data: { object: invoice } }) => ({
    customer: { externalId: invoice.customer },
    externalId: invoice.id,
    name: shortenTo(256, `Payment of invoice ${invoice.number ?? invoice.id} failed`),
    custom: {
      amountNum: invoice.amount_due,
      currencyStr: invoice.currency,
      invoiceUrl: invoice.hosted_invoice_url,
    },
  }),
});
