import { isUtf8 } from 'node:buffer';
import type { KeptDelivery } from './deliveries-table.ts';
import type { DeliveryRecord } from './stored-delivery.ts';

/** Bytes of a body that an answer shows, and of the same as it is written in Lambda's answer, which has 6 MB: escaped twice. */
const mostShown = 1024 * 1024;
const mostWritten = 5 * mostShown;

/** The JSON:API resource of a delivery. */
export function deliveryResource(record: DeliveryRecord) {
  const { source, event, verdict, receivedAt, attempts, conversation = null, error = null, size } = record;
  return {
    type: 'delivery',
    id: event,
    attributes: { source, verdict, receivedAt, attempts, conversation, error, size },
    links: { self: `/v1/hooks/${source}/deliveries/${encodeURIComponent(event)}` },
  };
}

/** The same with what the delivery brought: the headers that it is read with, and the body, null where it cannot be shown. */
export function keptDeliveryResource(kept: KeptDelivery) {
  const resource = deliveryResource(kept);
  const { headers, body } = kept.delivery;
  return { ...resource, attributes: { ...resource.attributes, headers, body: shown(body) } };
}

function shown(body: Buffer): string | null {
  if (body.length > mostShown || !isUtf8(body)) return null;
  const text = body.toString();
  return Buffer.byteLength(JSON.stringify(JSON.stringify(text))) > mostWritten ? null : text;
}
