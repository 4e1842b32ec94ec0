import { loadFauxqsParts } from '../fauxqs-parts.ts';

/** S3 on a port of this machine. */
export interface S3Server {
  /** `http://127.0.0.1:<port>`, without a trailing slash. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Starts S3 (fauxqs) on a free port of 127.0.0.1 alone.
 *
 * @param folder where its objects are kept; without it, in memory
 */
export async function startS3Server(folder?: string): Promise<S3Server> {
  const { buildApp, S3Store, PersistenceManager } = await loadFauxqsParts();
  const store = new S3Store();
  const disk = folder === undefined ? undefined : new PersistenceManager(folder);
  // A put is one transaction, handed to the operating system before it is answered: a killed process loses none and
  // leaves no half of one. Waiting for the disk each time would protect only against the machine losing power.
  disk?.db.exec('PRAGMA synchronous = NORMAL');
  disk?.loadS3(store);
  // Only now: what is loaded need not be written again.
  store.persistence = disk;
  const app = buildApp({ logger: false, defaultRegion: 'us-east-1', stores: { s3Store: store } });
  // Parsed for SNS and SQS. Here they are types of objects like any other, e.g. of a webhook that is a form.
  app.removeContentTypeParser(['application/x-www-form-urlencoded', 'application/x-amz-json-1.0']);
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  return {
    url,
    async close() {
      await app.close();
      disk?.close();
    },
  };
}
