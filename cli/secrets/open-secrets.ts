import { join } from 'node:path';
import { openLocalTemplate } from '../../local/open-local-template.ts';
import { SecretsFile } from '../../local/secrets/secrets-file.ts';
import { stackOutputs } from '../stack-outputs.ts';
import { secretOutput } from './secret-output.ts';

/** The secrets of one system's sources: of the local one, or of a stage. */
export interface SourceSecrets {
  /** Where a source's secret is; undefined when the system does not have the source. */
  arnOf(source: string): string | undefined;
  /** A secret's value; undefined when it has none yet. */
  read(arn: string): Promise<SecretValue | undefined>;
  write(arn: string, value: string): Promise<void>;
  /** Is it a stage, or a local system that runs? Then its functions hold secrets for up to a minute. */
  isServing: boolean;
  close(): void;
}

/** One text, or a JSON array of several, and since when. */
interface SecretValue {
  value: string;
  since: Date | undefined;
}

/** Opens the secrets of a stage, with your AWS credentials, or those of the local system, running or not. */
export async function openSecrets(stage: string | undefined): Promise<SourceSecrets> {
  return stage === undefined ? await openLocalSecrets() : await openStageSecrets(stage);
}

async function openLocalSecrets(): Promise<SourceSecrets> {
  const { dataDir, isRunning, resolver, release } = await openLocalTemplate(process.env['INTAKE_DATA_DIR']);
  const file = new SecretsFile(join(dataDir, 'secrets.json'));
  const nameIn = (arn: string) => arn.split(':').pop() ?? '';
  return {
    arnOf: (source) => resolver.output(secretOutput(source)),
    read: async (arn) => {
      const stored = await file.get(nameIn(arn));
      return stored && { value: stored.value, since: new Date(stored.createdDate * 1000) };
    },
    write: async (arn, value) => void (await file.put(nameIn(arn), value)),
    isServing: isRunning,
    close: release,
  };
}

async function openStageSecrets(stage: string): Promise<SourceSecrets> {
  const outputs = await stackOutputs(stage, 'stateful');
  // Loaded for a stage only.
  const { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } =
    await import('@aws-sdk/client-secrets-manager');
  const client = new SecretsManagerClient();
  return {
    arnOf: (source) => outputs.get(secretOutput(source)),
    read: async (arn) => {
      try {
        const { SecretString = '', CreatedDate } = await client.send(
          new GetSecretValueCommand({ SecretId: arn }),
        );
        return { value: SecretString, since: CreatedDate };
      } catch (error) {
        if ((error as Error).name === 'ResourceNotFoundException') return undefined;
        throw error;
      }
    },
    write: async (arn, value) =>
      void (await client.send(new PutSecretValueCommand({ SecretId: arn, SecretString: value }))),
    isServing: true,
    close: () => client.destroy(),
  };
}
