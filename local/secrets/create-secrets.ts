import { physicalName } from '../template/physical-name.ts';
import type { Resolver } from '../template/resolver.ts';
import { generateSecret, type GenerateSecretString } from './generate-secret.ts';
import type { SecretsFile } from './secrets-file.ts';

/**
 * Gives every secret of the template that has no value yet the one its resource asks for: generated, or as given. A
 * value that is there stays, as a deployment would leave it.
 *
 * @returns the names of the template's secrets
 */
export async function createSecrets(resolver: Resolver, file: SecretsFile): Promise<Set<string>> {
  const names = new Set<string>();
  for (const resource of resolver.ofType('AWS::SecretsManager::Secret')) {
    const name = physicalName(resource, resolver);
    names.add(name);
    if (await file.get(name)) continue;
    const { SecretString, GenerateSecretString: generate } = resolver.properties(resource);
    if (generate !== undefined) await file.put(name, generateSecret(generate as GenerateSecretString));
    else if (SecretString !== undefined) await file.put(name, String(SecretString));
  }
  return names;
}
