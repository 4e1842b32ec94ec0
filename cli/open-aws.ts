import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { openLocalAws } from '../local/open-local-aws.ts';
import { UsageError } from './run-command.ts';

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
  const stack = `conversation-intake-${stage}-stateful`;
  const outputs = await stackOutputs(stack);
  const dynamodb = new DynamoDBClient();
  return {
    dynamodb,
    output: (name) => {
      const value = outputs.get(name);
      if (value === undefined)
        throw new UsageError(`The stack ${stack} has no output ${name}: deploy it anew`);
      return value;
    },
    close: async () => dynamodb.destroy(),
  };
}

async function stackOutputs(stack: string): Promise<Map<string, string>> {
  const client = new CloudFormationClient();
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stack }));
    return new Map(
      (Stacks?.[0]?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey!, OutputValue!]),
    );
  } catch (error) {
    if ((error as Error).name !== 'ValidationError') throw error;
    throw new UsageError(
      `There is no stack ${stack} in this account and region: npm run deploy -- --stage <name>`,
    );
  } finally {
    client.destroy();
  }
}
