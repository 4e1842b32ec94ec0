import { describe, expect, it } from '@jest/globals';
import { accepts, draftOf, rejectionOf } from './sample-event.ts';

const name = 'shopify-cancelled-orders';

describe('an order cancelled at Shopify', () => {
  it('is a conversation with whoever ordered', () => {
    expect(draftOf(name)).toEqual({
      customer: { email: 'jonas.weber@example.com' },
      externalId: 'shopify-order-6043290173662',
      name: 'Order #1042 was cancelled',
      createdAt: '2026-10-14T11:02:31+02:00',
      custom: {
        orderStr: '#1042',
        totalStr: '93.90',
        currencyStr: 'EUR',
        reasonStr: 'customer',
        paymentStr: 'refunded',
      },
    });
  });

  it('is taken when it is cancelled, and not when anything else happens', () => {
    expect(accepts(name, { topic: 'orders/cancelled' })).toBe(true);
    for (const topic of ['orders/create', 'orders/updated', 'app/uninstalled', undefined]) {
      expect(accepts(name, { topic })).toBe(false);
    }
  });

  it.each([
    ['the phone number', { '/email': null, '/phone': '+49 30 5550142' }, { phone: '+49 30 5550142' }],
    ['the phone number', { '/email': '', '/phone': '030-5550142' }, { phone: '030-5550142' }],
    ['Shopify’s customer', { '/email': null }, { externalId: 'shopify-customer-8121190842590' }],
    [
      'Shopify’s customer',
      { '/email': undefined, '/phone': undefined },
      { externalId: 'shopify-customer-8121190842590' },
    ],
    [
      'Shopify’s customer',
      { '/email': 'none', '/phone': 'none' },
      { externalId: 'shopify-customer-8121190842590' },
    ],
  ])('is with whom %s names when nothing better does: %j', (_, changes, customer) => {
    expect(draftOf(name, changes).customer).toEqual(customer);
  });

  it('keeps all digits of an id that is too large for a number', () => {
    const changes = {
      '/email': null,
      '/id': 820982911946154500,
      '/admin_graphql_api_id': 'gid://shopify/Order/820982911946154508',
      '/customer/admin_graphql_api_id': 'gid://shopify/Customer/115310627314723954',
    };
    expect(draftOf(name, changes)).toMatchObject({
      externalId: 'shopify-order-820982911946154508',
      customer: { externalId: 'shopify-customer-115310627314723954' },
    });
  });

  it('has no reason and no state of the payment when Shopify gives none', () => {
    const { custom } = draftOf(name, { '/cancel_reason': null, '/financial_status': null });
    expect(custom).toEqual({ orderStr: '#1042', totalStr: '93.90', currencyStr: 'EUR' });
  });

  it.each([
    [{ '/email': null, '/customer': null }],
    [{ '/email': 'none', '/phone': '', '/customer': undefined }],
    [{ '/email': null, '/customer/admin_graphql_api_id': null }],
  ])('is rejected when nothing tells who ordered: %j', (changes) => {
    expect(rejectionOf(name, changes)).toEqual({ status: 422, places: [''] });
  });

  it.each([
    [{ '/admin_graphql_api_id': undefined }, '/admin_graphql_api_id'],
    [{ '/admin_graphql_api_id': 6043290173662 }, '/admin_graphql_api_id'],
    [{ '/admin_graphql_api_id': 'gid://shopify/Customer/6043290173662' }, '/admin_graphql_api_id'],
    [{ '/customer/admin_graphql_api_id': '8121190842590' }, '/customer/admin_graphql_api_id'],
    [{ '/name': null }, '/name'],
    [{ '/email': 5 }, '/email'],
    [{ '/phone': 5 }, '/phone'],
    [{ '/customer': 5 }, '/customer'],
    [{ '/cancelled_at': null }, '/cancelled_at'],
    [{ '/cancel_reason': 5 }, '/cancel_reason'],
    [{ '/financial_status': 5 }, '/financial_status'],
    [{ '/currency': undefined }, '/currency'],
    [{ '/total_price': 93.9 }, '/total_price'],
  ])('is rejected with %j, and told where', (changes, place) => {
    expect(rejectionOf(name, changes)).toEqual({ status: 422, places: [place] });
  });
});
