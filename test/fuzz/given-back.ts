/** A body as its conversation's attributes give it back: dates in UTC with milliseconds, all else as it was sent. */
export function asGivenBack(sent: object): object {
  return Object.fromEntries(
    Object.entries(sent).map(([key, value]) => [
      key,
      key === 'createdAt' || key === 'importedAt'
        ? new Date(String(value)).toISOString()
        : (value as unknown),
    ]),
  );
}
