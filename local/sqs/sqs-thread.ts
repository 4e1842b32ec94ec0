import { parentPort, workerData } from 'node:worker_threads';
import { loadFauxqsParts } from '../fauxqs-parts.ts';
import { TraceHeaders } from './trace-headers.ts';

// SQS of the local run: fauxqs, on disk, on 127.0.0.1 alone.
const { buildApp, SqsStore, PersistenceManager } = await loadFauxqsParts();
const store = new SqsStore();
store.host = '';
const app = buildApp({ logger: false, defaultRegion: 'us-east-1', stores: { sqsStore: store } });
const traces = new TraceHeaders();
app.addHook('preHandler', async (request) => traces.note(request));
app.addHook('preSerialization', async (request, _reply, answer) => {
  traces.show(request, answer);
  return answer;
});
const url = await app.listen({ port: 0, host: '127.0.0.1' });

const disk = new PersistenceManager(workerData as string);
// A killed process loses nothing that was handed to the operating system; waiting for the disk each time would make a
// send ten times slower and protect only against the machine losing power.
disk.db.exec('PRAGMA synchronous = NORMAL');
// fauxqs resets the receive count to null here, which its own schema refuses.
const ready = disk.db.prepare(
  'UPDATE sqs_messages SET receipt_handle = NULL, visibility_deadline = NULL WHERE message_id = ?',
);
disk.updateMessageReady = (messageId) => void ready.run(messageId);
disk.db.prepare(`UPDATE sqs_queues SET url = ? || '/000000000000/' || name`).run(url);
disk.loadSqsQueues(store);
store.persistence = disk;

const createQueue = store.createQueue.bind(store);
store.createQueue = (...definition) => keepTraces(keepWhole(createQueue(...definition)));
for (const queue of store.allQueues()) {
  queue.persistence = disk;
  keepTraces(keepWhole(queue));
  // Whoever had received these died with the previous run: nobody is left to delete them.
  for (const receiptHandle of queue.inflightMessages.keys()) queue.changeVisibility(receiptHandle, 0);
}

/** A receive can move messages to the dead letters in two steps. In one transaction, no kill can fall between them. */
function keepWhole(queue: ReturnType<typeof createQueue>): typeof queue {
  const dequeue = queue.dequeue.bind(queue);
  queue.dequeue = (...options) => {
    let received: ReturnType<typeof dequeue> = [];
    disk.transaction(() => {
      received = dequeue(...options);
    });
    return received;
  };
  return queue;
}

function keepTraces(queue: ReturnType<typeof createQueue>): typeof queue {
  const enqueue = queue.enqueue.bind(queue);
  queue.enqueue = (message) => {
    traces.keep(message);
    enqueue(message);
  };
  const dequeue = queue.dequeue.bind(queue);
  queue.dequeue = (...options) => {
    const received = dequeue(...options);
    for (const message of received) traces.take(message);
    return received;
  };
  return queue;
}

parentPort?.once('message', async () => {
  await app.close();
  disk.close();
  process.exit();
});
parentPort?.postMessage(Number(new URL(url).port));
