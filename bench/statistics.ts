/** The middle of some numbers; of an even count, the upper middle. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

/** Rounded to so many digits after the point. */
export function round(value: number, digits = 1): number {
  return Number(value.toFixed(digits));
}
