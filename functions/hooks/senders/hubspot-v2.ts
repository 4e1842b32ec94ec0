import type { Sender } from '../sender.ts';
import { hubspot, type HubspotEnvelope } from './hubspot.ts';

/**
 * HubSpot's second signatures, a plain digest of secret, method, URL and body: what workflows of long ago send
 * (https://developers.hubspot.com/docs/api/webhooks/validating-requests#validate-the-v2-request-signature). Of
 * x-hubspot-signature-version nothing is asked: a digest of another version is not this one.
 */
export const hubspotV2: Sender<HubspotEnvelope> = {
  ...hubspot,
  name: 'hubspot-v2',
  scheme: {
    kind: 'signature',
    headers: [{ signature: 'x-hubspot-signature' }],
    form: 'one',
    encoding: 'hex',
    signed: ['method', 'url', 'body'],
    methods: [{ algorithm: 'digest', hash: 'sha256', key: 'text', label: '' }],
  },
};
