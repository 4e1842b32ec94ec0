import { UsageError } from '../run-command.ts';
import type { SourceSecrets } from './open-secrets.ts';

/** What the relay's API key is called beside the sources, as its output is: KustomerApiKeySecret. */
export const relayKey = 'kustomer-api-key';

/** A key as it is sent, given as a person pastes it. Throws UsageError for what can be none. */
export function relayKeyIn(given: string): string {
  const key = given.trim();
  if (/^[!-~]+$/.test(key)) return key;
  throw new UsageError(
    'An API key is one word of letters, digits and punctuation, as Kustomer shows it once',
  );
}

/** Sets the API key that a system relays with. Throws UsageError where nothing is relayed. */
export async function setRelayKey(secrets: SourceSecrets, key: string, json = false): Promise<void> {
  const arn = secrets.arnOf(relayKey);
  if (arn === undefined) {
    throw new UsageError(
      'Nothing is relayed there: docs/relay.md says how a stage does, or the local system',
    );
  }
  await secrets.write(arn, key);
  if (json) return console.log(JSON.stringify({ secret: relayKey, arn }));
  const when = secrets.isServing ? ' A function takes it up when the one that it has is refused.' : '';
  console.log(`The API key for Kustomer is set.${when}`);
}
