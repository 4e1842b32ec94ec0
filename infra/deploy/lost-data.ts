import { fullDiff, ResourceImpact, type ResourceDifference } from '@aws-cdk/cloudformation-diff';

/** A stack's template, as far as it is looked at here. */
export interface StatefulTemplate {
  Resources?: Record<string, DescribedResource>;
}

interface DescribedResource {
  Type: string;
  DeletionPolicy?: string;
  Properties?: Record<string, unknown>;
}

/**
 * What a deployment would lose, a sentence for each resource; none when it is safe. Only what was deployed to be kept counts
 * (`keepsData`), and not a secret that the settings no longer ask for, of a source that is off or gone, or of a relay: to change them is
 * to say so, and the secret stays in the account.
 *
 * @param deployed the template of the stack as it is
 * @param next the template that is to take its place
 * @param secrets the construct ids of those that the settings ask for
 */
export function lostData(
  deployed: StatefulTemplate,
  next: StatefulTemplate,
  secrets: readonly string[],
): string[] {
  const losses: string[] = [];
  fullDiff(deployed, next).resources.forEachDifference((id, difference) => {
    const before = deployed.Resources?.[id];
    const after = next.Resources?.[id];
    if (before?.DeletionPolicy !== 'Retain') return;
    const isSecret = before.Type === 'AWS::SecretsManager::Secret';
    if (!after && isSecret && !secrets.includes(id.replace(/[0-9A-F]{8}$/, ''))) return;
    const loss = after ? changed(before, after, difference) : 'would no longer be part of the stack';
    if (loss !== undefined) losses.push(`${id} (${before.Type}) ${loss}`);
  });
  return losses;
}

function changed(
  before: DescribedResource,
  after: DescribedResource,
  { changeImpact }: ResourceDifference,
): string | undefined {
  const replaced =
    changeImpact === ResourceImpact.WILL_REPLACE || changeImpact === ResourceImpact.MAY_REPLACE;
  if (replaced || redefinesAttribute(before, after)) return 'would be replaced by a new and empty one';
  return regenerates(before, after) ? 'would get a new random value' : undefined;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-globaltable.html: editing one replaces the table. */
function redefinesAttribute(before: DescribedResource, after: DescribedResource): boolean {
  const types = new Map(attributesOf(before).map((it) => [it.AttributeName, it.AttributeType]));
  return attributesOf(after).some(
    ({ AttributeName, AttributeType }) => (types.get(AttributeName) ?? AttributeType) !== AttributeType,
  );
}

function attributesOf({ Properties }: DescribedResource) {
  return (Properties?.['AttributeDefinitions'] ?? []) as { AttributeName: string; AttributeType: string }[];
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html: a change of it makes the value anew. */
function regenerates(before: DescribedResource, after: DescribedResource): boolean {
  const rule = ({ Properties }: DescribedResource) => JSON.stringify(Properties?.['GenerateSecretString']);
  return rule(before) !== rule(after);
}
