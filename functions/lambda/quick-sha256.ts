import { createHash, createHmac, createSecretKey, type Hash, type Hmac, type KeyObject } from 'node:crypto';

type Data = string | ArrayBuffer | ArrayBufferView;

/** Keys as Node.js has them inside: making one anew for each signature costs more than the signature. */
const keys = new Map<unknown, KeyObject>();
const keysKept = 8;

/** The SDK's `sha256`: digests and HMACs for its signatures, with the few keys that it uses over and over kept ready. */
export class QuickSha256 {
  readonly #secret: Data | undefined;
  #hash: Hash | Hmac;

  constructor(secret?: Data) {
    this.#secret = secret;
    this.#hash = this.#begin();
  }

  update(data: Data): void {
    this.#hash.update(typeof data === 'string' ? data : bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    this.#hash = this.#begin();
  }

  #begin(): Hash | Hmac {
    return this.#secret === undefined ? createHash('sha256') : createHmac('sha256', keyOf(this.#secret));
  }
}

/** The SDK keeps its signing key as one object, and the secret as one text: these are what is looked up. */
function keyOf(secret: Data): KeyObject {
  const known = keys.get(secret);
  if (known) return known;
  const key = typeof secret === 'string' ? createSecretKey(secret, 'utf8') : createSecretKey(bytesOf(secret));
  if (keys.size >= keysKept) keys.delete(keys.keys().next().value);
  keys.set(secret, key);
  return key;
}

function bytesOf(data: Exclude<Data, string>): Uint8Array {
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}
