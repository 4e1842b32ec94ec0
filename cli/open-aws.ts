import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { openLocalAws } from '../local/open-local-aws.ts';
import { stackOutputs } from './stack-outputs.ts';

/** Where a command works: the local system's servers, or a stage's. */
export interface OpenAws {
  dynamodb: DynamoDBClient;
  /** The value of a stack output. Throws when there is none. */
  output(name: string): string;
  close(): Promise<void>;
}

/** Opens a deployed stage, or the local system when none is named. Throws UsageError when the stage is not there. */
export async function openAws(stage: string | undefined): Promise<OpenAws> {
  if (stage === undefined) return await openLocalAws(process.env['INTAKE_DATA_DIR']);
  const outputs = await stackOutputs(stage, 'stateful');
  const dynamodb = new DynamoDBClient();
  return { dynamodb, output: (name) => outputs.need(name), close: async () => dynamodb.destroy() };
}
