import type { Ask } from './asks.ts';
import { ask, type Clients } from './clients.ts';

/** Asks under way at once. */
const atOnce = 24;

/** Asks for all of these, some at once, in their order. */
export async function askAll(
  asks: readonly Ask[],
  clients: Clients,
  onAnswer = (): void => {},
): Promise<void> {
  const next = asks.values();
  const client = async (): Promise<void> => {
    for (const each of next) {
      await ask(each, clients).catch((error: unknown) => clients.ledger.faults.push(String(error)));
      onAnswer();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, client));
}
