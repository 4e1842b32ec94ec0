import * as z from 'zod/mini';
import { shortenTo } from '../../functions/conversations/text.ts';
import { shopify } from '../../functions/hooks/senders/shopify.ts';
import { source } from '../../functions/hooks/source.ts';

/** An order paid at Shopify becomes a conversation with the customer. */
export default source({
  sender: shopify,
  accept: ({ topic }) => topic === 'orders/paid',
  // https://shopify.dev/docs/api/webhooks?reference=toml#list-of-topics-orders/paid
  payload: z.object({
    id: z.int(),
    name: z.string(),
    created_at: z.string(),
    total_price: z.string(),
    currency: z.string(),
    customer: z.object({ id: z.int() }),
  }),
  delivery: 'queued',
  draft: (order) => ({
    customer: { externalId: `shopify-customer-${order.customer.id}` },
    externalId: `shopify-order-${order.id}`,
    name: shortenTo(256, `Order ${order.name}`),
    createdAt: order.created_at,
    custom: { totalNum: Number(order.total_price), currencyStr: order.currency },
  }),
});
