import { describe, expect, it } from '@jest/globals';
import { maxDepth, readJsonBody } from '../../functions/lambda/json-body.ts';
import { problemOf } from '../expect-problem.ts';

const read = (body: string) =>
  readJsonBody({ body, isBase64Encoded: false, headers: { 'content-type': 'application/json' } }, 20_000_000)
    .value;
const arrays = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
const objects = (depth: number) => '{"a":'.repeat(depth) + '1' + '}'.repeat(depth);
const mixed = (depth: number) => '[{"a":'.repeat(depth / 2) + '1' + '}]'.repeat(depth / 2);

describe('the depth of a body', () => {
  it('is at most 32 levels', () => {
    expect(maxDepth).toBe(32);
  });

  it.each([
    ['arrays', arrays],
    ['objects', objects],
  ])('may be 32 %s, and not 33', async (_, nested) => {
    expect(read(nested(32))).toEqual(JSON.parse(nested(32)));
    const problem = await problemOf(400, () => read(nested(33)));
    expect(problem.faults).toMatchObject([{ title: 'The body is nested deeper than 32 levels' }]);
  });

  it.each([
    ['arrays', arrays, 10_000],
    ['arrays', arrays, 1_000_000],
    ['objects', objects, 10_000],
    ['objects', objects, 1_000_000],
    ['arrays and objects', mixed, 1_000_000],
  ])('is refused at once and in few words for %s: %#', async (_, nested, depth) => {
    const body = nested(depth);
    const began = performance.now();
    const { faults } = await problemOf(400, () => read(body));
    expect(performance.now() - began).toBeLessThan(3000);
    expect(JSON.stringify(faults).length).toBeLessThan(500);
  });

  it('is refused wherever it is, beside however much that is flat', async () => {
    const flat = Array.from({ length: 50_000 }, (_, index) => `"k${index}":${index}`).join(',');
    await problemOf(400, () => read(`{${flat},"deep":${arrays(40)}}`));
    await problemOf(400, () => read(`{"deep":${arrays(40)},${flat}}`));
    expect(read(`{${flat}}`)).toHaveProperty('k49999', 49_999);
  });
});
