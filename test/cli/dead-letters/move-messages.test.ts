import { SendMessageCommand, type Message } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deadLetter } from '../../../cli/dead-letters/dead-letter.ts';
import { DroppedFile, droppedMessages } from '../../../cli/dead-letters/dropped-file.ts';
import { moveMessages, nothingMoved } from '../../../cli/dead-letters/move-messages.ts';
import type { Queues } from '../../../cli/dead-letters/open-queues.ts';
import { PacedSender, type Pace } from '../../../cli/dead-letters/paced-sender.ts';
import { writeMessage } from '../../../functions/queue/draft-message.ts';
import { startSqs, type SqsServer } from '../../servers/sqs-server.ts';
import { bury, hookMessage, newQueues } from './letters.ts';

// One who finds less than was shown waits for it for three seconds.
jest.setTimeout(20_000);

const fast: Pace = { rate: 1000, backlog: 1000 };

/** How letters are sent back. */
interface Sending {
  pace?: Pace;
  signal?: AbortSignal;
  onMoved?: () => void;
  onPause?: (waiting: number) => void;
}

describe('dead letters that are sent back', () => {
  let server: SqsServer;
  let folder: string;
  beforeAll(async () => {
    server = await startSqs();
    folder = mkdtempSync(join(tmpdir(), 'dropped-'));
  });
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  const going = () => new AbortController().signal;
  const idsOf = ({ deadLetters }: Queues) => new Set(server.pauses(deadLetters).keys());
  const eventsOn = async (url: string) =>
    (await server.receive(url)).map(({ body }) => deadLetter({ Body: body }).event).toSorted();
  async function buryMany(queues: Queues, count: number, reason?: string): Promise<string[]> {
    const events = Array.from({ length: count }, (_, n) => `e-${String(n).padStart(3, '0')}`);
    for (const event of events) await bury(server, queues, hookMessage('events', event), reason);
    return events;
  }
  /** Sends back those with these ids. */
  async function sendBack(
    queues: Queues,
    ids: ReadonlySet<string>,
    { pace = fast, signal = going(), onMoved = () => {}, onPause = () => {} }: Sending = {},
  ) {
    const result = nothingMoved();
    const sender = new PacedSender(queues, pace, signal, onPause);
    const take = sender.send.bind(sender);
    const failure = await moveMessages(queues, ids, take, { result, signal, onMoved }).catch(
      (error: Error) => error.message,
    );
    return { moved: result.moved.size, twice: result.twice.size, refused: sender.refused, failure };
  }

  it('are on the drafts queue, each once, as they were but for their reason, and no longer among the dead', async () => {
    const queues = newQueues(server);
    const events = await buryMany(queues, 25, 'the id is held');
    const body = writeMessage(hookMessage('events', 'big', { name: 'x'.repeat(1_000_000) }));
    await bury(server, queues, body);
    expect(await sendBack(queues, idsOf(queues))).toMatchObject({ moved: 26, twice: 0 });
    const sent = await server.receive(queues.drafts);
    expect(sent.map(({ body: text }) => deadLetter({ Body: text }).event).toSorted()).toEqual(
      ['big', ...events].toSorted(),
    );
    expect(sent.some((message) => message.body === body)).toBe(true);
    expect(sent.flatMap(({ messageAttributes }) => Object.keys(messageAttributes))).toEqual([]);
    expect(await server.receive(queues.deadLetters)).toEqual([]);
  });

  it('keep the attributes that others gave them', async () => {
    const queues = newQueues(server);
    const text = (StringValue: string) => ({ DataType: 'String', StringValue });
    await server.client.send(
      new SendMessageCommand({
        QueueUrl: queues.deadLetters,
        MessageBody: '{"version":2}',
        MessageAttributes: { reason: text('not a draft message'), tenant: text('one') },
      }),
    );
    await sendBack(queues, idsOf(queues));
    const [sent] = await server.receive(queues.drafts);
    expect(sent).toMatchObject({
      body: '{"version":2}',
      messageAttributes: { tenant: { stringValue: 'one' } },
    });
    expect(sent?.messageAttributes).not.toHaveProperty('reason');
  });

  it('are only those that were shown: the others, and what came meanwhile, are let go', async () => {
    const queues = newQueues(server);
    await buryMany(queues, 12);
    const shown = idsOf(queues);
    const [left, ...wanted] = shown;
    await bury(server, queues, hookMessage('events', 'late'));
    expect(await sendBack(queues, new Set(wanted))).toMatchObject({ moved: 11 });
    const still = idsOf(queues);
    expect(still.size).toBe(2);
    expect(still).toContain(left);
    expect(new Set(server.pauses(queues.deadLetters).values())).toEqual(new Set([0]));
  });

  it('are moved once in all when two people do it at once', async () => {
    const queues = newQueues(server);
    const events = await buryMany(queues, 60);
    const ids = idsOf(queues);
    const both = await Promise.all([sendBack(queues, ids), sendBack(queues, ids)]);
    expect(both.reduce((sum, { moved }) => sum + moved, 0)).toBe(60);
    expect(await eventsOn(queues.drafts)).toEqual(events);
    expect(await server.receive(queues.deadLetters)).toEqual([]);
  });

  it('are in both places when whoever moves them dies between sending and deleting', async () => {
    const queues = newQueues(server, (command) => {
      if (command === 'DeleteMessageBatchCommand') throw new Error('killed');
    });
    const events = await buryMany(queues, 3);
    expect(await sendBack(queues, idsOf(queues))).toMatchObject({ moved: 3, failure: 'killed' });
    expect(await eventsOn(queues.drafts)).toEqual(events);
    expect(await eventsOn(queues.deadLetters)).toEqual(events);
  });

  it('stay where they are when the drafts queue does not take them', async () => {
    const queues = newQueues(server, (command) => {
      if (command === 'SendMessageBatchCommand') throw new Error('away');
    });
    const events = await buryMany(queues, 3);
    expect(await sendBack(queues, idsOf(queues))).toMatchObject({ moved: 0, failure: 'away' });
    expect(await eventsOn(queues.drafts)).toEqual([]);
    expect(await eventsOn(queues.deadLetters)).toEqual(events);
  });

  it('are half moved, and the others seen by all, when it is stopped in the middle', async () => {
    const queues = newQueues(server);
    const events = await buryMany(queues, 40);
    const stop = new AbortController();
    const { moved } = await sendBack(queues, idsOf(queues), {
      signal: stop.signal,
      onMoved: () => stop.abort(),
    });
    expect(moved).toBe(10);
    const [back, dead] = [await eventsOn(queues.drafts), await eventsOn(queues.deadLetters)];
    expect({ back: back.length, dead: dead.length }).toEqual({ back: 10, dead: 30 });
    expect([...back, ...dead].toSorted()).toEqual(events);
  });

  it('come no faster than is asked for', async () => {
    const queues = newQueues(server);
    await buryMany(queues, 9);
    const times: number[] = [];
    const onMoved = () => void times.push(performance.now());
    await sendBack(queues, idsOf(queues), { pace: { rate: 4, backlog: 1000 }, onMoved });
    // Four, then a second, four, then a second, and one.
    expect(times).toHaveLength(3);
    expect(times[1]! - times[0]!).toBeGreaterThan(900);
    expect(times[2]! - times[1]!).toBeGreaterThan(900);
  });

  it('wait while much is on the drafts queue, and go on when there is less', async () => {
    const queues = newQueues(server);
    await buryMany(queues, 2);
    for (let n = 0; n < 3; n++) server.put(queues.drafts, 'live');
    const waiting: number[] = [];
    const onPause = (count: number) => {
      waiting.push(count);
      void server.receive(queues.drafts);
    };
    const pace = { rate: 1000, backlog: 2 };
    expect(await sendBack(queues, idsOf(queues), { pace, onPause })).toMatchObject({ moved: 2 });
    expect(waiting).toEqual([3]);
  });

  it('can be stopped while they wait', async () => {
    const queues = newQueues(server);
    await buryMany(queues, 2);
    server.put(queues.drafts, 'live');
    const stop = new AbortController();
    const options = { pace: { rate: 1000, backlog: 0 }, signal: stop.signal, onPause: () => stop.abort() };
    expect(await sendBack(queues, idsOf(queues), options)).toMatchObject({ moved: 0 });
    expect([...server.pauses(queues.deadLetters).values()]).toEqual([0, 0]);
  });

  it('are written to a file before they are dropped, and can be read from it', async () => {
    const queues = newQueues(server);
    const events = await buryMany(queues, 12, 'a reason');
    await bury(server, queues, 'not ours: \u2028 "quoted"\nand more');
    const path = join(folder, 'dropped.jsonl');
    const file = await DroppedFile.make(path);
    const result = nothingMoved();
    const take = file.write.bind(file);
    const options = { result, signal: going(), onMoved: () => {} };
    await moveMessages(queues, idsOf(queues), take, options);
    await file.close();
    expect(await server.receive(queues.deadLetters)).toEqual([]);
    expect(readFileSync(path, 'utf8').trimEnd().split('\n')).toHaveLength(13);
    const read: Message[] = [];
    for await (const message of droppedMessages(path)) read.push(message);
    expect(read.map(({ MessageId }) => MessageId).toSorted()).toEqual([...result.moved].toSorted());
    expect(read.map((message) => deadLetter(message).event ?? message.Body).toSorted()).toEqual(
      [...events, 'not ours: \u2028 "quoted"\nand more'].toSorted(),
    );
  });

  it('are not dropped when the file does not take them', async () => {
    const queues = newQueues(server);
    await buryMany(queues, 2);
    const file = await DroppedFile.make(join(folder, 'full.jsonl'));
    await file.close();
    const result = nothingMoved();
    const take = file.write.bind(file);
    const moving = moveMessages(queues, idsOf(queues), take, {
      result,
      signal: going(),
      onMoved: () => {},
    });
    await expect(moving).rejects.toThrow();
    expect(await server.receive(queues.deadLetters)).toHaveLength(2);
  });

  it('never take the place of a file that is there; a file of something else is refused', async () => {
    const path = join(folder, 'kept.jsonl');
    writeFileSync(path, '{"MessageId":"a","Body":"b"}\n{"MessageId":"a"}\n');
    await expect(DroppedFile.make(path)).rejects.toThrow(`The file ${path} cannot be made`);
    const reading = droppedMessages(path);
    expect((await reading.next()).value).toEqual({ MessageId: 'a', Body: 'b' });
    await expect(reading.next()).rejects.toThrow(`${path}:2 is not a message that drop wrote`);
    await expect(droppedMessages(join(folder, 'none')).next()).rejects.toThrow('cannot be read: ENOENT');
  });
});
