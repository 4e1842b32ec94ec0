import { describe, expect, it } from '@jest/globals';
import { objectId } from '../../conversations/asked.ts';
import { vendorCall } from './call-name.ts';

describe('a call of the vendor', () => {
  const id = objectId(1);

  it.each([
    ['POST', '/v1/conversations/bulk', 'POST bulk'],
    ['GET', `/v1/bulk/${id}/batches?page=1&pageSize=100`, 'GET batches'],
    ['GET', `/v1/bulk/${id}`, 'GET bulk'],
    ['POST', `/v1/customers/${id}/conversations`, 'POST conversation'],
    ['GET', `/v1/conversations/${id}`, 'GET conversation'],
    ['GET', '/v1/conversations/externalId=order-1', 'GET holder'],
    ['GET', '/v1/customers/email=ada%40example.com', 'GET customer'],
    ['POST', '/v1/customers', 'POST customer'],
  ])('%s %s is called %s', (method, path, name) => {
    expect(vendorCall(method, path)).toBe(`Vendor.${name}`);
  });

  it('that nobody knows is called by its path', () => {
    expect(vendorCall('GET', '/v1/teams?page=1')).toBe('Vendor.GET /v1/teams');
  });
});
