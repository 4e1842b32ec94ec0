import * as z from 'zod/mini';
import { shortenTo } from '../../conversations/text.ts';
import { firstCustomer } from '../first-customer.ts';
import { shopify } from '../senders/shopify.ts';
import { source } from '../source.ts';

/** Shopify's ids are 64 bits wide: as JSON numbers they would lose their last digits, so they are taken from these texts. */
const gid = (type: string) =>
  z
    .string()
    .check(
      z.regex(new RegExp(`^gid://shopify/${type}/\\d{1,20}$`), { error: `must be the gid of a ${type}` }),
    );

const order = z.object({
  admin_graphql_api_id: gid('Order'),
  name: z.string(),
  email: z.nullish(z.string()),
  phone: z.nullish(z.string()),
  customer: z.nullish(z.object({ admin_graphql_api_id: z.nullish(gid('Customer')) })),
  cancelled_at: z.string(),
  cancel_reason: z.nullish(z.string()),
  financial_status: z.nullish(z.string()),
  currency: z.string(),
  total_price: z.string(),
});

/** A guest gives an email address or a phone number; an order that staff made may have a customer with neither. */
function customerOf({ email, phone, customer }: z.infer<typeof order>) {
  const id = customer?.admin_graphql_api_id;
  return firstCustomer([{ email, phone, externalId: id && `shopify-customer-${idIn(id)}` }]);
}

function idIn(gidText: string): string {
  return gidText.slice(gidText.lastIndexOf('/') + 1);
}

/** An order cancelled at Shopify becomes a conversation with whoever ordered. */
export default source({
  sender: shopify,
  accept: ({ topic }) => topic === 'orders/cancelled',
  // https://shopify.dev/docs/api/webhooks/latest, the topic orders/cancelled
  payload: order.check(
    z.refine((found) => customerOf(found) !== undefined, {
      error: 'must tell who ordered: by an email address, a phone number, or a customer',
    }),
  ),
  delivery: 'queued',
  draft: (cancelled) => ({
    customer: customerOf(cancelled)!,
    externalId: `shopify-order-${idIn(cancelled.admin_graphql_api_id)}`,
    name: shortenTo(256, `Order ${cancelled.name} was cancelled`),
    createdAt: cancelled.cancelled_at,
    custom: {
      orderStr: shortenTo(1024, cancelled.name),
      totalStr: cancelled.total_price, // A decimal number, as Shopify writes it: no unit is lost in between.
      currencyStr: cancelled.currency,
      ...(cancelled.cancel_reason && { reasonStr: cancelled.cancel_reason }),
      ...(cancelled.financial_status && { paymentStr: cancelled.financial_status }),
    },
  }),
});
