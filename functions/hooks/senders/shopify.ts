import { jsonEvent } from '../read-events.ts';
import { hmacSha256 } from '../scheme.ts';
import type { Sender } from '../sender.ts';

/** What tells Shopify's events apart. */
export interface ShopifyEnvelope {
  /** E.g. `orders/cancelled`. */
  topic: string | undefined;
  /** The shop's domain, e.g. `example.myshopify.com`. */
  shop: string | undefined;
}

/** https://shopify.dev/docs/apps/build/webhooks/verify-deliveries */
export const shopify: Sender<ShopifyEnvelope> = {
  name: 'shopify',
  scheme: {
    kind: 'signature',
    headers: [{ signature: 'x-shopify-hmac-sha256' }, { signature: 'shopify-hmac-sha256' }],
    form: 'one',
    encoding: 'base64',
    signed: ['body'],
    methods: [hmacSha256('')],
  },
  deadline: 5,
  misfit: 'accept', // After eight refusals it may delete the subscription.
  success: 'verdict',
  reads: [
    'x-shopify-webhook-id',
    'x-shopify-topic',
    'x-shopify-shop-domain',
    'shopify-webhook-id',
    'shopify-topic',
    'shopify-shop-domain',
  ],
  events: jsonEvent((_, { headers }) => ({
    id: headers['x-shopify-webhook-id'] ?? headers['shopify-webhook-id'],
    envelope: {
      topic: headers['x-shopify-topic'] ?? headers['shopify-topic'],
      shop: headers['x-shopify-shop-domain'] ?? headers['shopify-shop-domain'],
    },
  })),
};
