import type { AnySource } from './source.ts';
import events from './sources/events.ts';
import githubIssues from './sources/github-issues.ts';
import githubReleases from './sources/github-releases.ts';
import pagerdutyIncidents from './sources/pagerduty-incidents.ts';
import shopifyCancelledOrders from './sources/shopify-cancelled-orders.ts';
import stripeDisputes from './sources/stripe-disputes.ts';
import typeformResponses from './sources/typeform-responses.ts';

/** All sources by the name in their URL, /v1/hooks/{source}. A new file in sources/ gets its line here. */
export const sources: Readonly<Record<string, AnySource>> = {
  events,
  'github-issues': githubIssues,
  'github-releases': githubReleases,
  'pagerduty-incidents': pagerdutyIncidents,
  'shopify-cancelled-orders': shopifyCancelledOrders,
  'stripe-disputes': stripeDisputes,
  'typeform-responses': typeformResponses,
};
