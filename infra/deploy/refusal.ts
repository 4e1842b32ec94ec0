import { secretIds } from '../stacks/secret-ids.ts';
import type { StageSettings } from '../stages.ts';
import { deployedTemplate } from './deployed-template.ts';
import { lostData } from './lost-data.ts';
import { statefulTemplate } from './stateful-template.ts';

/**
 * Why a deployment of the stage must not be made: it would lose data, or it cannot be told whether it would. Undefined when nothing
 * speaks against it. docs/decisions/0020 says why it is told before CloudFormation begins.
 */
export async function refusal(
  settings: StageSettings,
  profile: string | undefined,
): Promise<string | undefined> {
  const stack = `conversation-intake-${settings.stage}-stateful`;
  try {
    const deployed = await deployedTemplate(stack, profile);
    const losses = deployed ? lostData(deployed, statefulTemplate(settings), secretIds(settings)) : [];
    if (losses.length === 0) return undefined;
    return [
      `Refused: ${settings.stage} keeps its data, and in ${stack}`,
      ...losses.map((loss) => `  ${loss}`),
      'If that is meant, deploy the stage with keepsData: false first (infra/stages.ts): docs/deploying.md.',
    ].join('\n');
  } catch (error) {
    return `Refused: whether data would be lost cannot be told, since ${stack} cannot be read (${(error as Error).message})`;
  }
}
