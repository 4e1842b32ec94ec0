/** The middle of some numbers; of an even count, the upper middle. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

/** The number that a quarter of them is below: what other work on the machine adds to some of them does not move it. */
export function lowerQuartile(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 4)]!;
}

/** Rounded to so many digits after the point. */
export function round(value: number, digits = 1): number {
  return Number(value.toFixed(digits));
}
