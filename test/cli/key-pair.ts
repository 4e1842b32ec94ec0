import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { Scheme } from '../../functions/hooks/scheme.ts';

/** A secret as a source keeps it, and what its sender signs with: the same, or the private key of a public one. */
export interface KeyPair<SignWith = string | KeyObject> {
  secret: string;
  signWith: SignWith;
}

/** A secret for a scheme; of several methods for the last. */
export function keyPairOf(scheme: Scheme): KeyPair {
  if (scheme.kind === 'token' && scheme.form === 'basic') return same('user:password');
  const method = scheme.kind === 'signature' ? scheme.methods.at(-1) : undefined;
  if (method?.algorithm === 'ed25519') return ed25519Pair(method.key === 'hex' ? 'hex' : 'base64');
  return method?.algorithm === 'ecdsa' ? ecdsaPair() : same('dXNlcjpwYXNzd29yZCBvZiAyNCBieXRlcw==');
}

/** A new key pair, the public one as its bytes are written after a prefix. */
export function ed25519Pair(encoding: 'hex' | 'base64', prefix = ''): KeyPair<KeyObject> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const bytes = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  return { secret: prefix + bytes.toString(encoding), signWith: privateKey };
}

function ecdsaPair(): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const bytes = publicKey.export({ format: 'der', type: 'spki' });
  return { secret: bytes.toString('base64'), signWith: privateKey };
}

function same(secret: string): KeyPair {
  return { secret, signWith: secret };
}
