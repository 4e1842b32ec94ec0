import type { Message } from '@aws-sdk/client-sqs';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { UsageError } from '../run-command.ts';

/** Messages in a file, one in a line, as JSON with the names that SQS gives its parts. */
type Line = Pick<Message, 'MessageId' | 'Body' | 'Attributes' | 'MessageAttributes'>;

/** A new file that dropped messages are written to. */
export class DroppedFile {
  readonly path: string;
  readonly #handle: FileHandle;

  private constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.#handle = handle;
  }

  /** Makes the file, for its owner's eyes: it holds what customers wrote. Throws UsageError when it is there already, or cannot be made. */
  static async make(path: string): Promise<DroppedFile> {
    try {
      return new DroppedFile(path, await open(path, 'wx', 0o600));
    } catch (error) {
      throw new UsageError(`The file ${path} cannot be made: ${(error as Error).message}`);
    }
  }

  /** Writes messages; yields them when they are on the disk. */
  async *write(messages: readonly Message[]): AsyncGenerator<Message[]> {
    const lines = messages.map(
      ({ MessageId, Body, Attributes, MessageAttributes }) =>
        `${inOneLine({ MessageId, Attributes, MessageAttributes, Body })}\n`,
    );
    await this.#handle.appendFile(lines.join(''));
    await this.#handle.sync();
    yield [...messages];
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

/** The messages of such a file, in their order. Throws UsageError when it cannot be read, or for a line that is none. */
export async function* droppedMessages(path: string): AsyncGenerator<Message> {
  const stream = createReadStream(path);
  try {
    await once(stream, 'open');
  } catch (error) {
    throw new UsageError(`The file ${path} cannot be read: ${(error as Error).message}`);
  }
  let number = 0;
  for await (const line of createInterface({ input: stream })) {
    number++;
    yield messageIn(line, `${path}:${number}`);
  }
}

/** Node reads U+2028 and U+2029 as line ends, too. */
function inOneLine(line: Line): string {
  return JSON.stringify(line).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}

function messageIn(line: string, place: string): Message {
  let value: Partial<Line> | null;
  try {
    value = JSON.parse(line) as Partial<Line> | null;
  } catch {
    value = null;
  }
  if (typeof value?.MessageId === 'string' && typeof value.Body === 'string') return value;
  throw new UsageError(`${place} is not a message that drop wrote`);
}
