import { Worker } from 'node:worker_threads';

/** A server that runs in its own thread, so that its work does not hold up the gateway's event loop. */
export interface ServerThread {
  /** `http://127.0.0.1:<port>`, without a trailing slash. */
  readonly url: string;
  /** Rejects when the thread dies without having been told to stop. Never resolves. */
  readonly died: Promise<never>;
  stop(): Promise<void>;
}

/**
 * Starts a thread whose first message is the port it listens on and which ends when it is sent any message.
 *
 * @param script the thread's file
 * @param folder where the thread keeps its data; it finds it in `workerData`
 * @throws whatever the thread threw before it listened
 */
export async function startServerThread(script: URL, folder: string): Promise<ServerThread> {
  const worker = new Worker(script, {
    workerData: folder,
    env: { AWS_REGION: 'us-east-1', AWS_ACCOUNT_ID: '000000000000' },
    execArgv: [],
  });
  let stopping = false;
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const died = new Promise<never>((_, reject) => {
    worker.once('error', reject);
    worker.once('exit', (code) => {
      if (!stopping) reject(new Error(`${script.pathname} ended with code ${code}`));
    });
  });
  died.catch(() => {});
  const listening = new Promise<number>((resolve) => worker.once('message', resolve));
  const port = await Promise.race([listening, died]);
  return {
    url: `http://127.0.0.1:${port}`,
    died,
    async stop() {
      stopping = true;
      worker.postMessage('stop');
      const patience = setTimeout(() => void worker.terminate(), 2000);
      await exited;
      clearTimeout(patience);
    },
  };
}
