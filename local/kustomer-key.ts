import type { Runtime } from './runtime.ts';
import { StartFailure } from './start-failure.ts';

/**
 * Keeps the API key of a relay among the local secrets, where its functions read it. One that was kept before stays when none is given.
 *
 * @throws StartFailure when the template relays and there is no key
 */
export async function setKustomerKey(runtime: Runtime, key: string | undefined): Promise<void> {
  const arn = runtime.output('KustomerApiKeySecret');
  if (arn === undefined) return;
  const name = arn.split(':').pop() ?? '';
  if (key !== undefined) await runtime.secrets.put(name, key);
  else if (!(await runtime.secrets.get(name))) {
    throw new StartFailure('The relay needs an API key of the organisation: set KUSTOMER_API_KEY.');
  }
}
