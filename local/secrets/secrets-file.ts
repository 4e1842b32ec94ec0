import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { writeFileAtomically } from '../write-file-atomically.ts';

/** A secret's current value. */
export interface StoredSecret {
  readonly value: string;
  readonly versionId: string;
  /** Seconds since 1970, as Secrets Manager gives it. */
  readonly createdDate: number;
}

/**
 * The local run's secrets by name, in one file that only its owner may read. It is read each time, so that a value
 * edited by hand counts at once.
 */
export class SecretsFile {
  readonly #path: string;
  #lastWrite: Promise<unknown> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  /** The secret with this name; undefined when it has no value. */
  async get(name: string): Promise<StoredSecret | undefined> {
    return (await this.#read())[name];
  }

  /** Gives the secret a new value. */
  put(name: string, value: string, versionId: string = randomUUID()): Promise<StoredSecret> {
    const written = this.#lastWrite.then(async () => {
      const secret: StoredSecret = { value, versionId, createdDate: Math.floor(Date.now() / 1000) };
      await writeFileAtomically(
        this.#path,
        JSON.stringify({ ...(await this.#read()), [name]: secret }, null, 2),
      );
      return secret;
    });
    this.#lastWrite = written.catch(() => {});
    return written;
  }

  async #read(): Promise<Record<string, StoredSecret>> {
    try {
      return JSON.parse(await readFile(this.#path, 'utf8')) as Record<string, StoredSecret>;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
      throw error;
    }
  }
}
