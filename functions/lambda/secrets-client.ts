import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { smallSettings } from './aws-clients.ts';

/** For a source's signing secrets, which are needed from the first request on. */
export function secretsClient(): SecretsManagerClient {
  return new SecretsManagerClient(smallSettings());
}

/** Makes the reader of secrets' values by their ARNs; a secret without a text is empty. */
export function secretReader(client: SecretsManagerClient): (arn: string) => Promise<string> {
  return async (SecretId) => {
    const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId }));
    return SecretString;
  };
}
