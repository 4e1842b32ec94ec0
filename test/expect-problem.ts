import { expect } from '@jest/globals';
import { Problem } from '../functions/lambda/problem.ts';

/** Runs `act`, expects it to throw a Problem with this status, and returns the Problem. */
export async function problemOf(status: number, act: () => unknown): Promise<Problem> {
  try {
    await act();
  } catch (error) {
    expect(error).toBeInstanceOf(Problem);
    const problem = error as Problem;
    expect(problem.status).toBe(status);
    expect(problem.faults).not.toHaveLength(0);
    return problem;
  }
  throw new Error(`Nothing was thrown, though a Problem ${status} was expected`);
}

/** Where a Problem's faults are, in their order: JSON pointers, or names of parameters. */
export function placesOf({ faults }: Pick<Problem, 'faults'>): (string | undefined)[] {
  return faults.map(({ pointer, parameter }) => pointer ?? parameter);
}
