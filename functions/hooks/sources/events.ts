import * as z from 'zod/mini';
import { customAttributeFault, maxCustomKeys } from '../../conversations/custom-attributes.ts';
import { isDateTime } from '../../conversations/date-time.ts';
import { shortenTo } from '../../conversations/text.ts';
import { firstCustomer } from '../first-customer.ts';
import { standardWebhooks } from '../senders/standard-webhooks.ts';
import { source } from '../source.ts';

/** Of all attributes of a conversation together: as an API client's, it stays well below 100 KB. */
const mostBytes = 64 * 1024;

const text = z.nullish(z.string());
const customer = z.object({ id: text, email: text, phone: text, externalId: text }).check(
  z.refine((found) => firstCustomer([found]) !== undefined, {
    error: 'must have one of id (24 lower-case hex digits), email, phone and externalId that can be one',
  }),
);

/**
 * An event of any system that sends Standard Webhooks becomes a conversation, whatever its type; two events are two conversations.
 *
 * - The customer is `data.customer`: the first of its `id`, `email`, `phone` and `externalId` that can be one.
 * - The name is `data.name`, or the event's type.
 * - What else `data` has becomes custom attributes, as `customFrom` says, beside `eventTypeStr`.
 */
export default source({
  sender: standardWebhooks,
  accept: () => true,
  // https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#payload-structure
  payload: z.object({
    type: z.string(),
    timestamp: z.string().check(z.refine(isDateTime, { error: 'must be an RFC 3339 date-time' })),
    data: z.looseObject({ customer, name: text }),
  }),
  delivery: 'queued',
  draft: ({ type, timestamp, data: { customer: found, name, ...fields } }) => ({
    customer: firstCustomer([found])!,
    name: shortenTo(256, name || type),
    createdAt: timestamp,
    custom: { ...customFrom(fields), eventTypeStr: shortenTo(1024, type) },
  }),
});

/**
 * The custom attributes that the fields of an event make: each is named after its field and what its value is, so `total: 5` becomes
 * `totalNum`, and `totalNum: 5` stays. Texts become `…At` when they are a date-time, `…Url` when they are a web address, else `…Str`, shortened
 * to what fits. Left out are objects, arrays and null, fields whose name cannot be an attribute's, and those for which there is no room.
 */
function customFrom(fields: Readonly<Record<string, unknown>>): Record<string, string | number | boolean> {
  const attributes: [string, string | number | boolean][] = [];
  let room = mostBytes;
  for (const [name, value] of Object.entries(fields)) {
    if (attributes.length === maxCustomKeys - 1) break;
    const suffix = suffixFor(value);
    if (suffix === undefined) continue;
    const key = name.endsWith(suffix) ? name : `${name}${suffix}`;
    const fitting =
      suffix === 'Str' ? shortenTo(1024, value as string) : (value as string | number | boolean);
    const size = Buffer.byteLength(JSON.stringify([key, fitting]));
    if (size > room || customAttributeFault(key, fitting) !== undefined) continue;
    room -= size;
    attributes.push([key, fitting]);
  }
  return Object.fromEntries(attributes);
}

function suffixFor(value: unknown): 'Num' | 'Bool' | 'At' | 'Url' | 'Str' | undefined {
  if (typeof value === 'number') return 'Num';
  if (typeof value === 'boolean') return 'Bool';
  if (typeof value !== 'string') return undefined;
  if (isDateTime(value)) return 'At';
  const isAddress = /^https?:/i.test(value) && customAttributeFault('anyUrl', value) === undefined;
  return isAddress ? 'Url' : 'Str';
}
