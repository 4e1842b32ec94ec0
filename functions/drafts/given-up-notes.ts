import { lastTry } from '../bulk/batch-work.ts';
import type { BulkJobsTable } from '../bulk/bulk-jobs-table.ts';
import type { DeliveryVerdicts } from '../hooks/delivery-verdicts.ts';
import { givenUp, lastTry as lastTryOfDelivery } from '../hooks/given-up.ts';
import type { Settlement } from '../queue/settle.ts';
import type { Ask } from './ask.ts';

/** Where it is noted, and who is told of notes that fail: what they are about goes on all the same. */
interface Settings {
  jobs: Pick<BulkJobsTable, 'forebode'>;
  verdicts: Pick<DeliveryVerdicts, 'change'>;
  warn: (message: string, about: object) => void;
}

/** Notes of deliveries and batches that the queue gives up. */
export class GivenUpNotes {
  readonly #settings: Settings;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** What stays written down when an ask's last try fails too, or the function dies of it. */
  async beforeLastTry({ message }: Ask): Promise<void> {
    if (!('batch' in message)) return await this.#note(message.conversation, lastTryOfDelivery, true);
    const { org, job, createdAt, number } = message.batch;
    try {
      await this.#settings.jobs.forebode(org, job, createdAt, lastTry(message.batch));
    } catch (error) {
      this.#settings.warn('last try not noted', { job, batch: number, error });
    }
  }

  /** A delivery whose conversation will not be made says so. */
  async afterwards({ message }: Ask, settlement: Settlement, isLastReceive: boolean): Promise<void> {
    if (!('batch' in message)) await this.#note(message.conversation, settlement, isLastReceive);
  }

  async #note(
    conversation: Parameters<typeof givenUp>[0],
    settlement: Settlement,
    isLastReceive: boolean,
  ): Promise<void> {
    const given = givenUp(conversation, settlement, isLastReceive);
    if (!given) return;
    try {
      await this.#settings.verdicts.change(given.key, given.result);
    } catch (error) {
      this.#settings.warn('failed delivery not noted', { ...given.key, error });
    }
  }
}
