import { existsSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { UsageError } from '../run-command.ts';

/** A delivery before it is signed: a file's bytes, and the headers that say what it is. */
export interface Sample {
  body: Buffer;
  /** Lower-case names. */
  headers: Record<string, string>;
}

/** How a sample is sent, by the end of its file's name. */
const contentTypes: Record<string, string> = {
  '.json': 'application/json',
  '.form': 'application/x-www-form-urlencoded',
};

/** The file with the sample of that name in a folder: the JSON of an event, or a form as it is posted. */
export function samplePath(folder: string, name: string): string {
  const form = join(folder, `${name}.form`);
  return existsSync(form) ? form : join(folder, `${name}.json`);
}

/** The file with a sample's headers: `opened.headers` beside `opened.json`. curl takes it as `-H @opened.headers`. */
export function headersPath(sample: string): string {
  return `${sample.slice(0, sample.length - extname(sample).length)}.headers`;
}

/**
 * Reads a sample and the headers in the first of `headerFiles` that exists. Throws UsageError for a sample that is not there, and for a
 * line that is no header.
 */
export function readSample(file: string, headerFiles = [headersPath(file)]): Sample {
  const headerFile = headerFiles.find((each) => existsSync(each));
  return {
    body: readBody(file),
    headers: {
      'content-type': contentTypes[extname(file)] ?? 'application/json',
      ...(headerFile !== undefined && readHeaders(readFileSync(headerFile, 'utf8').split('\n'))),
    },
  };
}

/** Headers of lines as curl's -H takes them; empty lines are skipped. Throws UsageError for a line that is none. */
export function readHeaders(lines: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of lines) {
    if (line.trim() === '') continue;
    const [, name = '', value = ''] = /^([\w!#$%&'*+.^`|~-]+):\s*(.*?)\s*$/.exec(line) ?? [];
    if (name === '') throw new UsageError(`${JSON.stringify(line)} is not a header: they are name: value`);
    // What the connection is like is said by whoever opens it.
    if (!/^(host|connection|content-length|transfer-encoding)$/i.test(name))
      headers[name.toLowerCase()] = value;
  }
  return headers;
}

function readBody(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UsageError(`The sample ${file} cannot be read: ${(error as Error).message}`);
  }
}
