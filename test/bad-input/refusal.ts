import { expect } from '@jest/globals';
import { request } from 'node:http';
import { localSystem, type Answer } from '../contract/local-system.ts';

/** Expects the contract's error answer (section 7): its status, its code, and a fault at each of `places`, in their order. */
export function expectRefusal(
  answer: Answer,
  status: number,
  code: string,
  places: (string | undefined)[],
): void {
  const { errors } = answer.body as { errors?: Record<string, unknown>[] };
  expect({ status: answer.status, places: errors?.map(placeOf) }).toEqual({ status, places });
  for (const error of errors ?? []) {
    expect(error).toMatchObject({
      status,
      code,
      title: expect.stringMatching(/\S/),
      message: error['title'],
      detail: expect.stringMatching(/\S/),
    });
  }
}

function placeOf(error: Record<string, unknown>): string | undefined {
  const { pointer, parameter } = (error['source'] ?? {}) as { pointer?: string; parameter?: string };
  return pointer ?? parameter;
}

/** Sends a request just as it is: the path unchanged, headers as name and value pairs that may repeat. */
export async function sendRaw(
  method: string,
  path: string,
  headers: readonly (readonly [string, string])[],
  body: string | Buffer = '',
): Promise<Answer> {
  const { hostname, port } = new URL((await localSystem()).url);
  const withLength = [...headers, ['content-length', String(Buffer.byteLength(body))] as const];
  return new Promise((resolve, reject) => {
    const sent = request(
      { hostname, port, method, path, headers: [['host', hostname] as const, ...withLength].flat() },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: new Headers(
              Object.entries(response.headers).map(
                ([name, value]) => [name, String(value)] as [string, string],
              ),
            ),
            body: JSON.parse(Buffer.concat(chunks).toString()) as unknown,
          }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}
