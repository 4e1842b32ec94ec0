import * as z from 'zod/mini';
import { checkDraft, type AskedDraft } from '../conversations/draft.ts';
import { hasAtMost } from '../conversations/text.ts';
import { badRequest, maxFaults, payloadTooLarge, type Fault } from '../lambda/problem.ts';

/** One conversation of a bulk request: what was sent, and what it means. */
export interface BulkItem {
  /** As it was sent, for the echo: JSON. */
  text: string;
  draft: AskedDraft;
  /** The caller's own name for the item, given back with its outcome. */
  clientRef?: string;
}

/** Most items of a request: the vendor takes 100, we a superset. */
const maxItems = 10_000;
/** Bytes of JSON that one item may have: as a create on its own. */
const maxItemBytes = 100 * 1024;

const clientRef = z
  .string()
  .check(z.refine((text) => text !== '' && hasAtMost(255, text), { error: 'must be 1 to 255 characters' }));

/**
 * Reads the body of POST /v1/conversations/bulk: an array of 1 to 10,000 drafts, each with its customer, and each or none with
 * a `_clientRef` of its own. Throws Problem 400 with every fault of every item,
 * `known` ones of the body among them, or 413 for an item that is too large.
 */
export function parseBulk(body: unknown, known: readonly Fault[] = []): BulkItem[] {
  if (!Array.isArray(body))
    throw badRequest({ title: 'The body must be an array of conversations', pointer: '' });
  if (body.length === 0)
    throw badRequest({ title: 'The body must have at least one conversation', pointer: '' });
  if (body.length > maxItems) {
    throw badRequest({
      title: `The body must have at most ${maxItems} conversations`,
      detail: `It has ${body.length}.`,
      pointer: '',
    });
  }
  const faults: Fault[] = [...known];
  const items: BulkItem[] = [];
  const refs: unknown[] = [];
  for (const [index, sent] of body.entries()) {
    // No more are told, so no more are looked for: a body of faults must not cost seconds.
    if (faults.length >= maxFaults) throw badRequest(faults);
    const { _clientRef = undefined, ...fields } = isObject(sent) ? sent : {};
    const checked = checkDraft(isObject(sent) ? fields : sent);
    // One by one: a call has no room for as many arguments as an item may have faults.
    if ('faults' in checked) for (const fault of checked.faults) faults.push(atItem(index, fault));
    else items.push({ text: JSON.stringify(sent), draft: checked.draft });
    refs.push(_clientRef);
  }
  for (const fault of clientRefFaults(refs)) faults.push(fault);
  if (faults.length > 0) throw badRequest(faults);
  if (items.some(({ text }) => Buffer.byteLength(text) > maxItemBytes)) throw payloadTooLarge(maxItemBytes);
  return refs[0] === undefined
    ? items
    : items.map((item, index) => ({ ...item, clientRef: refs[index] as string }));
}

/** `_clientRef` is for all items or for none, and different in each. */
function clientRefFaults(refs: readonly unknown[]): Fault[] {
  if (refs.every((ref) => ref === undefined)) return [];
  const seen = new Set<unknown>();
  return refs.flatMap((ref, index) => {
    const pointer = `/${index}/_clientRef`;
    const detail = 'Give one to all items of the request, or to none.';
    if (ref === undefined) return [{ title: `${pointer} is required`, detail, pointer }];
    const parsed = clientRef.safeParse(ref);
    if (!parsed.success) return [{ title: `${pointer} must be a string of 1 to 255 characters`, pointer }];
    if (seen.has(ref)) return [{ title: `${pointer} is the same as that of an earlier item`, pointer }];
    seen.add(ref);
    return [];
  });
}

function atItem(index: number, { title, pointer = '', ...rest }: Fault): Fault {
  const at = `/${index}${pointer}`;
  return {
    ...rest,
    title: title.startsWith('/') ? `/${index}${title}` : title.replace('The body', at),
    pointer: at,
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
