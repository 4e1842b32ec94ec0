/** Somebody else's text as it may be shown on a terminal: without characters that would steer it. */
export function printable(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n\t]/gu, '\ufffd');
}
