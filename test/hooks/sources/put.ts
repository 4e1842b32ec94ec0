/** Puts a value at a JSON pointer, or takes what is there away: the way there must exist. */
export function put(payload: unknown, pointer: string, value: unknown): void {
  const [, ...path] = pointer.split('/');
  const last = path.pop() ?? '';
  const parent = path.reduce((inner, key) => (inner as Record<string, unknown>)[key], payload) as Record<
    string,
    unknown
  >;
  if (value === undefined) delete parent[last];
  else parent[last] = value;
}
