import { describe, expect, it } from '@jest/globals';
import type { Handshake } from '../../../functions/hooks/sender.ts';
import { problemOf } from '../../expect-problem.ts';
import { formOf, handshakeOf, type Contents } from './delivered.ts';

const pagerdutyPing = {
  event: {
    id: '01FKZOXA868SHYEE4DVNWB5P9W',
    event_type: 'pagey.ping',
    resource_type: 'pagey',
    data: { message: 'Hello from your friend Pagey!', type: 'ping' },
  },
};

describe('a handshake', () => {
  const handshakes: readonly [string, string, Contents, Handshake][] = [
    ['github', 'ping', { headers: { 'x-github-event': 'ping' }, body: { zen: 'x' } }, { status: 200 }],
    [
      'slack',
      'url_verification',
      {
        body: { token: 'Jhj5dZrVaK7ZwHHjRyZWjbDl', challenge: '3eZbrw1aBm2rZgRN', type: 'url_verification' },
      },
      { status: 200, body: { challenge: '3eZbrw1aBm2rZgRN' } },
    ],
    ['slack', 'ssl_check', formOf({ ssl_check: '1', token: 'gIkuvaNzQIHg97ATvDxqgjtO' }), { status: 200 }],
    [
      'discord',
      'PING of webhook events',
      { body: { version: 1, application_id: '1', type: 0 } },
      { status: 204 },
    ],
    [
      'discord',
      'PING of interactions',
      { body: { version: 1, application_id: '1', type: 1, id: '2', token: 'a' } },
      { status: 200, body: { type: 1 } },
    ],
    ['zendesk', 'an empty body', { body: '' }, { status: 200 }],
    [
      'intercom',
      'ping',
      { body: { type: 'notification_event', topic: 'ping', id: null, data: { item: { type: 'ping' } } } },
      { status: 200 },
    ],
    ['intercom', 'a body that is nothing but a ping', { body: { type: 'ping' } }, { status: 200 }],
    ['pagerduty', 'pagey.ping', { body: pagerdutyPing }, { status: 200 }],
    ['aws-sns', 'UnsubscribeConfirmation', { body: { Type: 'UnsubscribeConfirmation' } }, { status: 200 }],
  ];

  it.each(handshakes)('of %s is answered as it wants: %s', async (sender, _, contents, answer) => {
    expect(await handshakeOf(sender, contents)).toEqual(answer);
  });

  it.each<[string, string, Contents]>([
    ['github', 'another event', { headers: { 'x-github-event': 'pinged' }, body: { zen: 'x' } }],
    ['slack', 'a verification without a challenge', { body: { type: 'url_verification' } }],
    ['slack', 'a challenge to something else', { body: { type: 'event', challenge: 'url_verification' } }],
    ['slack', 'another ssl_check', formOf({ ssl_check: '11' })],
    ['slack', 'a text that has one', formOf({ text: 'ssl_check=1' })],
    ['discord', 'an event', { body: { version: 1, application_id: '1', type: 1, event: {} } }],
    ['discord', 'an interaction', { body: { version: 1, type: 2, id: '2', token: 'a' } }],
    ['discord', 'an interaction of type 0', { body: { version: 1, type: 0, id: '2', token: 'a' } }],
    ['zendesk', 'a blank', { body: ' ' }],
    ['intercom', 'an item of that type', { body: { topic: 'a', data: { item: { type: 'ping' } } } }],
    ['pagerduty', 'a resource of that type', { body: { event: { event_type: 'pagey', id: 'pagey.ping' } } }],
    ['aws-sns', 'a notification', { body: { Type: 'Notification', SubscribeURL: 'https://a' } }],
  ])('of %s is not %s', async (sender, _, contents) => {
    expect(await handshakeOf(sender, contents)).toBeUndefined();
  });

  it('is none for anybody else', async () => {
    for (const sender of ['stripe', 'square', 'linear', 'bearer', 'generic-hmac']) {
      for (const body of ['', { type: 'ping' }, { challenge: 'a', type: 'url_verification' }]) {
        expect(await handshakeOf(sender, { body })).toBeUndefined();
      }
    }
  });
});

describe('the confirmation of a subscription to a topic', () => {
  const confirmation = {
    Type: 'SubscriptionConfirmation',
    MessageId: '165545c9-2a5c-472c-8df2-7ff2be2b3b1b',
    TopicArn: 'arn:aws:sns:us-west-2:123456789012:MyTopic',
    SubscribeURL: 'https://sns.us-west-2.amazonaws.com/?Action=ConfirmSubscription&Token=2336412f37',
  };

  it('fetches the address of SNS once, and is answered 200', async () => {
    const fetched: string[] = [];
    const fetchText = (url: string) => Promise.resolve(String(fetched.push(url)));
    expect(await handshakeOf('aws-sns', { body: confirmation }, fetchText)).toEqual({ status: 200 });
    expect(fetched).toEqual([confirmation.SubscribeURL]);
  });

  it.each([
    'https://sns.us-west-2.amazonaws.com.evil.example/?Action=ConfirmSubscription',
    'https://sns.us-west-2.amazonaws.com@evil.example/',
    'https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription',
    'http://sns.us-west-2.amazonaws.com/?Action=ConfirmSubscription',
    'https://169.254.169.254/latest/meta-data/',
    'sns.us-west-2.amazonaws.com',
    '',
    undefined,
  ])('fetches nothing from elsewhere, and is refused: %s', async (SubscribeURL) => {
    await problemOf(400, () => handshakeOf('aws-sns', { body: { ...confirmation, SubscribeURL } }));
  });

  it('fails when the fetch fails, so that SNS sends it again', async () => {
    const broken = () => Promise.reject(new Error('out of order'));
    await expect(handshakeOf('aws-sns', { body: confirmation }, broken)).rejects.toThrow('out of order');
  });
});
