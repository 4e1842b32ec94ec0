import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';

/**
 * Makes stack traces show lines of TypeScript, where the bundle `file` has its source map beside it. Node.js can do that by
 * itself (--enable-source-maps), but then reads the map at import: here it is read when the first stack is asked for.
 */
export function showSourceLines(file: string): void {
  let map: SourceMap | undefined;
  Error.prepareStackTrace = (error, frames) => {
    map ??= readMap(file);
    const lines = frames.map((frame) => `\n    at ${inSource(frame, file, map)}`);
    return `${titleOf(error)}${lines.join('')}`;
  };
}

/** Without a map the lines of the bundle are better than none. */
function readMap(file: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')));
  } catch {
    return undefined;
  }
}

function inSource(frame: NodeJS.CallSite, file: string, map: SourceMap | undefined): string {
  const line = frame.getLineNumber();
  const column = frame.getColumnNumber();
  if (frame.getFileName() !== file || line === null || column === null) return String(frame);
  const origin = map?.findOrigin(line, column);
  if (!origin || !('fileName' in origin)) return String(frame);
  return String(frame).replace(
    `${file}:${line}:${column}`,
    `${origin.fileName}:${origin.lineNumber}:${origin.columnNumber}`,
  );
}

function titleOf(error: Error): string {
  try {
    return String(error);
  } catch {
    return 'Error';
  }
}
