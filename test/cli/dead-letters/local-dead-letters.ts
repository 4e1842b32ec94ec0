import { GetQueueAttributesCommand, PurgeQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { expect } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { writeMessage, type AskMessage } from '../../../functions/queue/draft-message.ts';
import type { Runtime } from '../../../local/runtime.ts';
import { startLocalSystem, type LocalSystem } from '../../../local/start-local-system.ts';
import { putReadyAssembly } from '../../local/ready-assembly.ts';
import { nodeProcess, type Ended } from '../cli-process.ts';

/** What `list --json` prints. */
export interface Listed {
  counts: { count: number; source: string; reason: string }[];
  letters: { id: string; event?: string }[];
}

/** The dead letters of a local system, and `npm run dead-letters` on them. */
export class LocalDeadLetters {
  readonly #dataDir: string;
  #system: LocalSystem;

  constructor(dataDir: string, system: LocalSystem) {
    this.#dataDir = dataDir;
    this.#system = system;
  }

  /** What the local system runs on, until it stops. */
  get runtime(): Runtime {
    return this.#system.runtime;
  }

  /** Starts the local system once more, on what it left when it stopped. */
  async start(): Promise<void> {
    this.#system = await startLocalSystem({ dataDir: this.#dataDir, port: 0 });
  }

  /** Stops the local system. */
  async stop(): Promise<void> {
    await this.#system.close();
  }

  /** Runs `npm run dead-letters -- <args>`, as the process that npm would start. */
  command(...args: string[]): Promise<Ended> {
    return nodeProcess(['cli/dead-letters.ts', ...args], { env: { INTAKE_DATA_DIR: this.#dataDir } });
  }

  /** What the command lists. */
  async listed(...args: string[]): Promise<Listed> {
    const { status, stdout, stderr } = await this.command('list', '--json', ...args);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    return JSON.parse(stdout) as Listed;
  }

  /** Puts a message among the dead letters, as settling does when there is a reason, else as SQS does; resolves to its id. */
  async bury(message: AskMessage | string, reason?: string): Promise<string> {
    const { MessageId } = await this.runtime.sqs.send(
      new SendMessageCommand({
        QueueUrl: this.runtime.output('DeadLettersUrl'),
        MessageBody: typeof message === 'string' ? message : writeMessage(message),
        ...(reason !== undefined && {
          MessageAttributes: { reason: { DataType: 'String', StringValue: reason } },
        }),
      }),
    );
    return MessageId!;
  }

  /** How many letters there are, seen by all or not. */
  async lying(): Promise<number> {
    const { Attributes = {} } = await this.runtime.sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: this.runtime.output('DeadLettersUrl'),
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
    );
    return Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0);
  }

  /** Takes all letters away. */
  async purge(): Promise<void> {
    const QueueUrl = this.runtime.output('DeadLettersUrl');
    await this.runtime.sqs.send(new PurgeQueueCommand({ QueueUrl }));
  }
}

/** Starts a local system on the data in `dataDir`. */
export async function startLocalDeadLetters(dataDir: string): Promise<LocalDeadLetters> {
  await putReadyAssembly(dataDir);
  return new LocalDeadLetters(dataDir, await startLocalSystem({ dataDir, port: 0 }));
}

/** Asks until there is something; a test that waits in vain runs out of time. */
export async function until<Value>(ask: () => Promise<Value | undefined>): Promise<Value> {
  for (;;) {
    const found = await ask();
    if (found !== undefined) return found;
    await delay(50);
  }
}
