import type { SentEvent } from './sent-event.ts';

/** JSON bodies with one event, after the payloads that the senders document: their files in functions/hooks/senders/ name the pages. */
export const sentJson: readonly SentEvent[] = [
  {
    sender: 'standard-webhooks',
    what: 'an event',
    headers: { 'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek', 'webhook-timestamp': '1614265330' },
    body: { type: 'user.created', timestamp: '2022-11-03T20:26:10.344522Z', data: { id: '1f81eb52' } },
    events: [{ id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', envelope: { type: 'user.created' } }],
  },
  {
    sender: 'standard-webhooks',
    what: 'an event under the names of Svix',
    headers: { 'svix-id': 'msg_27UH4WbU6Z5A5EzD8u03UvzRbpk', 'svix-timestamp': '1649367553' },
    body: { email: 'test@example.com' },
    events: [{ id: 'msg_27UH4WbU6Z5A5EzD8u03UvzRbpk', envelope: { type: undefined } }],
  },
  {
    sender: 'stripe',
    what: 'an event',
    body: { id: 'evt_1MhUT6E0b6fckueSqWR0Bec4', object: 'event', type: 'customer.created', data: {} },
    events: [
      {
        id: 'evt_1MhUT6E0b6fckueSqWR0Bec4',
        envelope: { type: 'customer.created', account: undefined },
      },
    ],
  },
  {
    sender: 'stripe',
    what: 'an event of a connected account',
    body: { id: 'evt_1Nv0FGQ9RKHgCVdK', account: 'acct_1032D82eZvKYlo2C', type: 'payout.failed' },
    events: [
      {
        id: 'evt_1Nv0FGQ9RKHgCVdK',
        envelope: { type: 'payout.failed', account: 'acct_1032D82eZvKYlo2C' },
      },
    ],
  },
  {
    sender: 'github',
    what: 'an event',
    headers: { 'x-github-event': 'issues', 'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958' },
    body: { action: 'opened', issue: { id: 444500041 } },
    events: [{ id: '72d3162e-cc78-11e3-81ab-4c9367dc0958', envelope: { event: 'issues', action: 'opened' } }],
  },
  {
    sender: 'shopify',
    what: 'an event',
    headers: {
      'x-shopify-webhook-id': 'b54557e4-bdd9-4b37-8a5f-bf7d70bcd043',
      'x-shopify-event-id': '98880550-7158-44d4-b7cd-2c97c8a091b5',
      'x-shopify-topic': 'orders/cancelled',
      'x-shopify-shop-domain': 'shop.myshopify.com',
    },
    body: { id: 820982911946154500, cancel_reason: 'customer', contact_email: 'jon@example.com' },
    events: [
      {
        id: 'b54557e4-bdd9-4b37-8a5f-bf7d70bcd043',
        envelope: { topic: 'orders/cancelled', shop: 'shop.myshopify.com' },
      },
    ],
  },
  {
    sender: 'shopify',
    what: 'an event under the new names',
    headers: {
      'shopify-webhook-id': 'b54557e4-bdd9-4b37-8a5f-bf7d70bcd043',
      'shopify-topic': 'refunds/create',
      'shopify-shop-domain': 'shop.myshopify.com',
    },
    body: { id: 890088186047892400, note: 'Things were damaged' },
    events: [
      {
        id: 'b54557e4-bdd9-4b37-8a5f-bf7d70bcd043',
        envelope: { topic: 'refunds/create', shop: 'shop.myshopify.com' },
      },
    ],
  },
  {
    sender: 'slack',
    what: 'an event',
    headers: { 'content-type': 'application/json' },
    body: {
      type: 'event_callback',
      event_id: 'Ev0PV52K21',
      event: { type: 'app_mention', user: 'U061F7AUR' },
    },
    events: [{ id: 'Ev0PV52K21', envelope: { type: 'event_callback', name: 'app_mention' } }],
  },
  {
    sender: 'zendesk',
    what: 'what an admin typed',
    headers: {
      'content-type': 'application/json',
      'x-zendesk-webhook-id': '01F1KRFQ6BG29CNWFR60NK5FNY',
      'x-zendesk-webhook-invocation-id': '01FF0KRZF1CWN0KRBWH7JEYQKS',
    },
    body: { ticket: '{{ticket.id}}' },
    events: [
      {
        id: '01FF0KRZF1CWN0KRBWH7JEYQKS',
        envelope: { webhook: '01F1KRFQ6BG29CNWFR60NK5FNY', type: undefined },
      },
    ],
  },
  {
    sender: 'intercom',
    what: 'a notification',
    body: {
      type: 'notification_event',
      app_id: 'a86dr8yl',
      id: 'notif_ccd8a4d0-f965-11e3-a367-c779cae3e1b3',
      topic: 'conversation.user.created',
      data: { item: { type: 'conversation', id: '123', source: { body: 'ping' } } },
    },
    events: [
      {
        id: 'notif_ccd8a4d0-f965-11e3-a367-c779cae3e1b3',
        envelope: { topic: 'conversation.user.created', app: 'a86dr8yl' },
      },
    ],
  },
  {
    sender: 'pagerduty',
    what: 'an event',
    body: {
      event: {
        id: '01BZKOLGLCP2S0JF15LCF7ZU3E',
        event_type: 'incident.triggered',
        resource_type: 'incident',
        data: { id: 'Q2AIXW2ZIWCI4P', title: 'pagey.ping is down' },
      },
    },
    events: [{ id: '01BZKOLGLCP2S0JF15LCF7ZU3E', envelope: { type: 'incident.triggered' } }],
  },
  {
    sender: 'typeform',
    what: 'a response',
    body: {
      event_id: 'LtWXD3crgy',
      event_type: 'form_response',
      form_response: { form_id: 'lT4Z3j', token: 'a3a12ec67a1365927098a606107fac15', answers: [] },
    },
    events: [{ id: 'LtWXD3crgy', envelope: { type: 'form_response', form: 'lT4Z3j' } }],
  },
  {
    sender: 'kustomer',
    what: 'an event',
    headers: { 'x-kustomer-webhook-event': 'kustomer.conversation.create' },
    body: { id: '5b1f1f5f4e7a4d0010f8a5a6', name: 'kustomer.conversation.create', data: {} },
    events: [{ id: '5b1f1f5f4e7a4d0010f8a5a6', envelope: { event: 'kustomer.conversation.create' } }],
  },
  {
    sender: 'linear',
    what: 'an event',
    headers: { 'linear-delivery': '234d1a4e-b617-4388-90fe-adc3633d6b72', 'linear-event': 'Issue' },
    body: { action: 'create', type: 'Issue', data: {}, webhookTimestamp: 1676056940508 },
    events: [{ id: '234d1a4e-b617-4388-90fe-adc3633d6b72', envelope: { event: 'Issue', action: 'create' } }],
  },
  {
    sender: 'calendly',
    what: 'an event',
    body: {
      created_at: '2020-11-23T17:51:19.000000Z',
      event: 'invitee.created',
      payload: {
        uri: 'https://api.calendly.com/scheduled_events/AAAA/invitees/BBBB',
        email: 't@example.com',
      },
    },
    events: [
      {
        id: 'sha256:f4c8b6425043c935ced710fd388986f1fa6dbf9e034c85a8508ef86cd7b539a1',
        envelope: { event: 'invitee.created' },
      },
    ],
  },
  {
    sender: 'hubspot',
    what: 'what a workflow sends',
    body: { portalId: 27145807, objectType: 'DEAL', objectId: 7036839888, properties: {} },
    events: [
      {
        id: 'sha256:0d122810135b8fe28aec0eb97ccab1c5eae44c606aead98f9cecb26b69022673',
        envelope: { type: undefined, object: 'DEAL' },
      },
    ],
  },
  {
    sender: 'square',
    what: 'an event',
    body: {
      merchant_id: '6SSW7HV8K2ST5',
      type: 'dispute.created',
      event_id: '13b867cf-db3d-4b1c-90b6-2f32a9d78124',
    },
    events: [
      {
        id: '13b867cf-db3d-4b1c-90b6-2f32a9d78124',
        envelope: { type: 'dispute.created', merchant: '6SSW7HV8K2ST5' },
      },
    ],
  },
  {
    sender: 'discord',
    what: 'a webhook event',
    body: {
      version: 1,
      application_id: '1234560123453231555',
      type: 1,
      event: {
        type: 'APPLICATION_AUTHORIZED',
        timestamp: '2024-10-18T14:42:53.064834',
        data: { scopes: [] },
      },
    },
    events: [
      {
        id: 'sha256:f42545ff02f964cd033024d31f5c2fad12462e866cf7b5aec197bcdfe185ead5',
        envelope: { kind: 'event', type: 'APPLICATION_AUTHORIZED' },
      },
    ],
  },
  {
    sender: 'discord',
    what: 'an interaction',
    body: { version: 1, type: 2, token: 'A_UNIQUE_TOKEN', id: '786008729715212338', data: { name: 'ask' } },
    events: [{ id: '786008729715212338', envelope: { kind: 'interaction', type: '2' } }],
  },
  {
    sender: 'aws-sns',
    what: 'a notification',
    body: {
      Type: 'Notification',
      MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
      TopicArn: 'arn:aws:sns:us-west-2:123456789012:MyTopic',
      Subject: 'My First Message',
      Message: '{"a":1}',
      Timestamp: '2012-05-02T00:54:06.655Z',
    },
    events: [
      {
        id: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
        envelope: { topic: 'arn:aws:sns:us-west-2:123456789012:MyTopic', subject: 'My First Message' },
      },
    ],
  },
];
