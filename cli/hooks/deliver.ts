import type { RawDelivery } from '../../functions/hooks/delivery.ts';

/** What a sender was answered. */
export interface Answer {
  status: number;
  /** As JSON where it is some, else the text; undefined when it is empty. */
  body: unknown;
  milliseconds: number;
}

/** No function answers later than this, in milliseconds. */
const patience = 30_000;

/** Sends a delivery to the URL it is signed for. Throws an Error, with the cause in words, when there is no answer. */
export async function deliver({ url, headers, body }: RawDelivery): Promise<Answer> {
  const began = performance.now();
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: headers as Record<string, string>,
      body: new Uint8Array(body),
      redirect: 'manual',
      signal: AbortSignal.timeout(patience),
    });
    const text = await response.text();
    const milliseconds = Math.round(performance.now() - began);
    return { status: response.status, body: text === '' ? undefined : jsonOr(text), milliseconds };
  } catch (error) {
    const { message, cause } = error as Error & { cause?: Error };
    throw new Error(`${new URL(url).origin} gives no answer: ${cause?.message || message}`);
  }
}

/** Has a delivery been taken? */
export function isTaken({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
