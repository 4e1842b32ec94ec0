import { describe, expect, it } from '@jest/globals';
import {
  badRequest,
  conflict,
  escapePointer,
  forbidden,
  notFound,
  payloadTooLarge,
  Problem,
  problemBody,
  refused,
  unauthorized,
  unknownField,
  unprocessable,
  unsupportedMediaType,
} from '../../functions/lambda/problem.ts';
import { objectId } from '../conversations/asked.ts';

const roles = ['org.user.conversation.write', 'org.permission.conversation.create'];
const problems: [Problem, number, string][] = [
  [
    badRequest([
      { title: 'x', pointer: '/name' },
      { title: 'y', parameter: 'page' },
    ]),
    400,
    'bad_request',
  ],
  [unauthorized(), 401, 'unauthorized'],
  [refused('wrong signature'), 401, 'unauthorized'],
  [forbidden(roles), 403, 'forbidden'],
  [notFound('conversation'), 404, 'notfound'],
  [conflict(objectId(1), 'externalId'), 409, 'conflict'],
  [payloadTooLarge(102_400), 413, 'payload_too_large'],
  [unsupportedMediaType('text/plain'), 415, 'unsupported_media_type'],
  [unprocessable([unknownField('/a')]), 422, 'unprocessable'],
  [new Problem(500, 'internal_error', [{ title: 'x' }]), 500, 'internal_error'],
];

describe('a problem', () => {
  it.each(problems)(
    'is told in the one shape that satisfies both documented ones: %#',
    (problem, status, code) => {
      const { errors } = problemBody(problem, 'request-1');
      expect(errors).toHaveLength(problem.faults.length);
      for (const error of errors) {
        const { title } = error as { title: string };
        expect(error).toMatchObject({ status, code, title, message: title });
        expect(title).toMatch(/\S/);
        expect(error).toHaveProperty('detail', expect.stringMatching(/\S/));
        expect(Object.keys(error)).toEqual(
          expect.arrayContaining(['status', 'code', 'title', 'message', 'detail']),
        );
      }
    },
  );

  it('says where it is: in the body by a pointer, elsewhere by a name, or nowhere', () => {
    const { errors } = problemBody(
      badRequest([{ title: 'x', pointer: '' }, { title: 'y', parameter: 'page' }, { title: 'z' }]),
      'request-1',
    );
    expect(errors.map((error) => (error as { source?: object }).source)).toEqual([
      { pointer: '' },
      { parameter: 'page' },
      undefined,
    ]);
  });

  it('names the roles of which any one would do', () => {
    expect(problemBody(forbidden(roles), 'request-1').errors).toMatchObject([{ meta: { roles } }]);
  });

  it('names the conversation that is in the way', () => {
    expect(problemBody(conflict(objectId(1), 'id'), 'request-1').errors).toMatchObject([
      { meta: { id: objectId(1) }, source: { pointer: '/id' } },
    ]);
  });

  it('tells the request id when the fault is ours, and only then', () => {
    const ours = problemBody(new Problem(500, 'internal_error', [{ title: 'x' }]), 'request-1');
    expect(ours.errors).toMatchObject([{ meta: { requestId: 'request-1' } }]);
    expect(JSON.stringify(problemBody(unauthorized(), 'request-1'))).not.toContain('request-1');
  });

  it('asks for a bearer token when an API key is missing, not when a signature is', () => {
    expect(unauthorized().headers).toEqual({ 'www-authenticate': 'Bearer' });
    expect(refused('no signature').headers).toEqual({});
  });

  it('tells the reason of a refused signature to the log alone', () => {
    const problem = refused('wrong signature');
    expect(problem.reason).toBe('wrong signature');
    expect(JSON.stringify(problemBody(problem, 'request-1'))).not.toContain('wrong');
  });

  it('shortens a long content type', () => {
    const { errors } = problemBody(unsupportedMediaType('x'.repeat(8000)), 'request-1');
    expect(JSON.stringify(errors).length).toBeLessThan(500);
  });

  it.each([
    ['plain', 'plain'],
    ['a/b', 'a~1b'],
    ['a~b', 'a~0b'],
    ['~1', '~01'],
    ['/~', '~1~0'],
    ['', ''],
  ])('escapes the pointer token %j as %j', (token, escaped) => {
    expect(escapePointer(token)).toBe(escaped);
  });
});
