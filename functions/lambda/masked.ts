/** Texts of an entry that may quote what somebody else wrote: a vendor's refusal, a source's own code. */
const free = new Set(['message', 'reason', 'stack']);
/** Not the `@` of a package in a path. */
const address = /[\p{L}\p{N}._%+'-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63})+/gu;
/** E.164 has up to 15 digits; an object id, a time or a place in a file is none. */
const phone = /(?<![\w.:-])\+?\(?\d(?:[ ().-]{0,2}\d){6,14}(?![\w-])/g;
/** An API key of ours, and whatever stands behind the name of a scheme. */
const credential = /\bci_[0-9a-f]{24}_[\w-]+|\b(?:Bearer|Basic) +[\w+/=.~-]+/gi;

/**
 * A value of a log entry, as JSON.stringify's replacer has it: in texts that may quote others, email addresses, phone numbers and
 * credentials are left out. What we write ourselves has none; this is for what we pass on.
 */
export function masked(key: string, value: unknown): unknown {
  if (typeof value !== 'string' || !free.has(key)) return value;
  return value
    .replaceAll(credential, '(credential)')
    .replaceAll(address, '(address)')
    .replaceAll(phone, '(number)');
}
