import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { headersPath, readHeaders, readSample, samplePath } from '../../cli/hooks/read-sample.ts';

describe('a sample', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'samples-'));
    for (const name of ['a.json', 'b.form', 'c.json', 'd.txt'])
      writeFileSync(join(folder, name), ` ${name}\r\n`);
    writeFileSync(join(folder, 'c.headers'), 'Content-Type: text/plain\r\nX-Id: 1:2 \n\n');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is the bytes of its file', () => {
    expect(readSample(join(folder, 'a.json')).body.toString()).toBe(' a.json\r\n');
  });

  it.each([
    ['a', 'a.json', { 'content-type': 'application/json' }],
    ['b', 'b.form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['c', 'c.json', { 'content-type': 'text/plain', 'x-id': '1:2' }],
  ])('has the headers of its kind, and those beside it: %s', (name, file, headers) => {
    const path = samplePath(folder, name);
    expect(path).toBe(join(folder, file));
    expect(readSample(path).headers).toEqual(headers);
  });

  it('has the first headers that are there', () => {
    const others = [headersPath(join(folder, 'd.txt')), join(folder, 'c.headers')];
    expect(readSample(join(folder, 'd.txt'), others).headers).toMatchObject({ 'x-id': '1:2' });
  });

  it('that is not there is told by its name', () => {
    expect(() => readSample(join(folder, 'none.json'))).toThrow(
      `${join(folder, 'none.json')} cannot be read`,
    );
  });

  it.each(['no colon', ': value', 'na me: value', 'name : value'])('has no header %j', (line) => {
    expect(() => readHeaders(['a: b', line])).toThrow(`${JSON.stringify(line)} is not a header`);
  });

  it('leaves to the connection what is the connection’s', () => {
    expect(readHeaders(['Host: a', 'Content-Length: 5', 'Transfer-Encoding: chunked', 'Hosts: b'])).toEqual({
      hosts: 'b',
    });
  });
});
