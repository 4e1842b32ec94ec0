/** Milliseconds. */
const patience = 2000;
/** A certificate has some 2 kB. */
const mostBytes = 64 * 1024;

/**
 * Fetches a text over HTTPS from an address that was checked before. Follows no redirection, so that the address stays what was
 * checked. Throws an Error when it is not there, too slow, or too large.
 */
export async function fetchText(url: string): Promise<string> {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(patience) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${new URL(url).host} answered ${response.status}`);
  if (text.length > mostBytes) throw new Error(`${new URL(url).host} sent more than ${mostBytes} bytes`);
  return text;
}
