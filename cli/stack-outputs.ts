import { UsageError } from './run-command.ts';

/** The outputs of a deployed stack, by name. */
export interface StackOutputs {
  /** The value of an output. Throws UsageError when there is none. */
  need(name: string): string;
  get(name: string): string | undefined;
}

/** Reads the outputs of one of a stage's stacks, with your AWS credentials. Throws UsageError when it is not deployed, or no region is known. */
export async function stackOutputs(stage: string, part: 'stateful' | 'api'): Promise<StackOutputs> {
  const stack = `conversation-intake-${stage}-${part}`;
  // Loaded for a stage only.
  const { CloudFormationClient, DescribeStacksCommand } = await import('@aws-sdk/client-cloudformation');
  const client = new CloudFormationClient();
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stack }));
    const outputs = new Map(
      (Stacks?.[0]?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey!, OutputValue!]),
    );
    return {
      get: (name) => outputs.get(name),
      need: (name) => {
        const value = outputs.get(name);
        if (value === undefined)
          throw new UsageError(`The stack ${stack} has no output ${name}: deploy it anew`);
        return value;
      },
    };
  } catch (error) {
    const { name, message } = error as Error;
    if (message === 'Region is missing') {
      throw new UsageError(
        'AWS has no region here: set AWS_REGION, or AWS_PROFILE to a profile that names one',
      );
    }
    if (name !== 'ValidationError') throw error;
    throw new UsageError(
      `There is no stack ${stack} in this account and region: npm run deploy -- --stage <name>`,
    );
  } finally {
    client.destroy();
  }
}
