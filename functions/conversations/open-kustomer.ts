import type { ConversationStore } from './conversation-store.ts';
import { KustomerBudget } from './kustomer-budget.ts';
import { KustomerClient } from './kustomer-client.ts';
import { KustomerCustomers } from './kustomer-customers.ts';
import { KustomerKeyRefused } from './kustomer-failures.ts';
import { KustomerStore } from './kustomer-store.ts';

/** Which organisation of Kustomer's, and how it is reached. */
interface Settings {
  baseUrl: string;
  /** As callers know it: 24 hex digits. */
  org: string;
  /** From 0 to 1. */
  reservedShare: number;
  /** Requests a minute where the vendor's answers do not tell. */
  requestsPerMinute: number | undefined;
  /** Bytes that the body of a request may have. */
  requestBytes: number;
  /** Whether customers are made there whom it does not know. */
  newCustomers: boolean;
  readKey: () => Promise<string>;
}

/** Makes stores that share a key, and what is known of the budget and of customers. `timeLeft`: milliseconds that a store's caller has. */
export function openKustomer({ baseUrl, org, readKey, ...settings }: Settings) {
  const { requestBytes } = settings;
  const budget = new KustomerBudget(settings.reservedShare, settings.requestsPerMinute);
  const client = new KustomerClient({ baseUrl, budget, readKey: () => withoutNone(readKey) });
  const customers = new KustomerCustomers(client, { mayCreate: settings.newCustomers });
  return (timeLeft: () => number): ConversationStore =>
    new KustomerStore({ client, org, requestBytes, timeLeft, customers });
}

/** Secrets Manager has no value before somebody sets one. */
async function withoutNone(readKey: () => Promise<string>): Promise<string> {
  try {
    return await readKey();
  } catch (error) {
    if ((error as Error).name !== 'ResourceNotFoundException') throw error;
    throw new KustomerKeyRefused('none is set', error);
  }
}
