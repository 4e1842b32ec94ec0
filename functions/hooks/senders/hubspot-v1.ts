import type { Sender } from '../sender.ts';
import { hubspot, type HubspotEnvelope } from './hubspot.ts';

/**
 * HubSpot's first signatures, a plain digest of secret and body: only for what cannot send version 3
 * (https://developers.hubspot.com/docs/api/webhooks/validating-requests#validate-the-v1-request-signature). Of
 * x-hubspot-signature-version nothing is asked: a digest of another version is not this one.
 */
export const hubspotV1: Sender<HubspotEnvelope> = {
  ...hubspot,
  name: 'hubspot-v1',
  scheme: {
    kind: 'signature',
    headers: [{ signature: 'x-hubspot-signature' }],
    form: 'one',
    encoding: 'hex',
    signed: ['body'],
    methods: [{ algorithm: 'digest', hash: 'sha256', key: 'text', label: '' }],
  },
};
