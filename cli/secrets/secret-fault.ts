import { keyOf } from '../../functions/hooks/keys.ts';
import type { Scheme, SigningMethod, TokenScheme } from '../../functions/hooks/scheme.ts';

/** What is wrong with a text as the secret of a sender with this scheme, as a sentence; undefined when it can be one. */
export function secretFault(scheme: Scheme, text: string): string | undefined {
  const wanted = `It must be ${secretShape(scheme)}.`;
  if (text === '') return `The secret is empty. ${wanted}`;
  if (text !== text.trim() || /[\r\n]/.test(text))
    return `The secret has white space around it, or a line end in it. ${wanted}`;
  if (isList(text)) return `That is a list: set one secret, and then the next with --add. ${wanted}`;
  const fits =
    keyOf(scheme, text) !== undefined && (scheme.kind !== 'token' || tokenShapes[scheme.form].test(text));
  return fits ? undefined : `That cannot be a secret of this sender. ${wanted}`;
}

/** What a secret of this scheme looks like, to go into a sentence. */
export function secretShape(scheme: Scheme): string {
  if (scheme.kind === 'topic') return 'the ARN of the topic: arn:aws:sns:<region>:<account>:<name>';
  if (scheme.kind === 'token') return tokenTexts[scheme.form];
  return scheme.methods.map(methodText).join(', or ');
}

// What verification can read out of the header, and no more.
const tokenShapes: Record<TokenScheme['form'], RegExp> = {
  bearer: /^[!-~]+$/,
  basic: /^[^:]+:./,
  plain: /^[ -~]+$/,
};
const tokenTexts: Record<TokenScheme['form'], string> = {
  bearer: 'the token, without the word Bearer: visible ASCII characters and no blank',
  basic: 'user:password',
  plain: 'the key as it is sent: visible ASCII characters',
};

function methodText({ algorithm, key, prefix = '' }: SigningMethod): string {
  const isPublic = algorithm === 'ed25519' || algorithm === 'ecdsa';
  const subject = isPublic ? `the sender's public key (${algorithm === 'ecdsa' ? 'P-256' : 'Ed25519'})` : '';
  const written = {
    text: 'the text as the sender shows it',
    hex: 'hex digits',
    base64: 'base64',
    spki: 'base64 of DER (what stands between the lines of a PEM file)',
  }[key];
  const shape = isPublic ? `${subject} in ${written}` : written;
  return prefix === '' ? shape : `${prefix} and then ${shape}`;
}

function isList(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text));
  } catch {
    return false;
  }
}
