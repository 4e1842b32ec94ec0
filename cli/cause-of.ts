/** What a failure says, in one line; where the network fails, an error may have nothing but a code, or others within it. */
export function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { name, message, cause, code, errors } = error as Error & { code?: unknown; errors?: unknown[] };
  const inner = errors?.[0] ?? cause;
  if (inner instanceof Error) return causeOf(inner);
  const text = message || String(code ?? name);
  return (name === 'Error' || name === 'TypeError' ? text : `${name}: ${text}`).split('\n')[0]!;
}
