import type { StatefulTemplate } from './lost-data.ts';

/**
 * The template of a deployed stack, as it was handed to CloudFormation; undefined when there is no such stack. With your AWS
 * credentials, or those of `profile`; throws what AWS throws.
 */
export async function deployedTemplate(
  stack: string,
  profile: string | undefined,
): Promise<StatefulTemplate | undefined> {
  // Loaded for a deployment only.
  const { CloudFormationClient, GetTemplateCommand } = await import('@aws-sdk/client-cloudformation');
  const client = new CloudFormationClient(profile === undefined ? {} : { profile });
  try {
    const { TemplateBody } = await client.send(
      new GetTemplateCommand({ StackName: stack, TemplateStage: 'Original' }),
    );
    return JSON.parse(TemplateBody ?? '{}') as StatefulTemplate;
  } catch (error) {
    const { name, message } = error as Error;
    if (name === 'ValidationError' && message.includes('does not exist')) return undefined;
    throw error;
  } finally {
    client.destroy();
  }
}
