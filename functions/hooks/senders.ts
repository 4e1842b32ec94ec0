import type { Sender } from './sender.ts';
import { apiKey } from './senders/api-key.ts';
import { awsSns } from './senders/aws-sns.ts';
import { basic } from './senders/basic.ts';
import { bearer } from './senders/bearer.ts';
import { calendly } from './senders/calendly.ts';
import { discord } from './senders/discord.ts';
import { genericHmac } from './senders/generic-hmac.ts';
import { github } from './senders/github.ts';
import { hubspotV1 } from './senders/hubspot-v1.ts';
import { hubspotV2 } from './senders/hubspot-v2.ts';
import { hubspot } from './senders/hubspot.ts';
import { intercom } from './senders/intercom.ts';
import { kustomer } from './senders/kustomer.ts';
import { linear } from './senders/linear.ts';
import { pagerduty } from './senders/pagerduty.ts';
import { sendgrid } from './senders/sendgrid.ts';
import { shopify } from './senders/shopify.ts';
import { slack } from './senders/slack.ts';
import { square } from './senders/square.ts';
import { standardWebhooks } from './senders/standard-webhooks.ts';
import { stripe } from './senders/stripe.ts';
import { twilio } from './senders/twilio.ts';
import { typeform } from './senders/typeform.ts';
import { zendesk } from './senders/zendesk.ts';

/**
 * All senders by name, which is also the name of the file in senders/; its export is the same name in camel case. Of each generic one
 * that which it is without being told anything.
 */
export const senders: Readonly<Record<string, Sender<unknown>>> = {
  'api-key': apiKey,
  'aws-sns': awsSns,
  basic,
  bearer,
  calendly,
  discord,
  'generic-hmac': genericHmac,
  github,
  hubspot,
  'hubspot-v1': hubspotV1,
  'hubspot-v2': hubspotV2,
  intercom,
  kustomer,
  linear,
  pagerduty,
  sendgrid,
  shopify,
  slack,
  square,
  'standard-webhooks': standardWebhooks,
  stripe,
  twilio,
  typeform,
  zendesk,
};
