import type { Stack } from 'aws-cdk-lib';
import { verdictIndex } from '../../functions/hooks/stored-delivery.ts';
import type { ConversationsAccess } from '../constructs/conversations-access.ts';
import { IntakeFunction, type IntakeFunctionProps } from '../constructs/intake-function.ts';
import type { StageSettings } from '../stages.ts';
import type { StatefulStack } from './stateful-stack.ts';

/** What the functions for webhooks are made of. */
export interface HookFunctionsProps {
  settings: StageSettings;
  stateful: StatefulStack;
  conversations: ConversationsAccess;
  /** What senders call: no slash at the end. */
  publicBaseUrl: string;
}

/** Makes the functions that take in webhooks, and that show and replay what came, in the API's stack. */
export function hookFunctions(
  stack: Stack,
  { settings, stateful, conversations, publicBaseUrl }: HookFunctionsProps,
) {
  const { apiKeys, deliveries, deliveryBodies, drafts, hookSecrets } = stateful;
  const define = (name: string, spec: Omit<IntakeFunctionProps, 'settings'>) =>
    new IntakeFunction(stack, name, { settings, ...spec });
  const data = {
    ...conversations.environment,
    DELIVERIES_TABLE: deliveries.tableName,
    DELIVERY_BODIES_BUCKET: deliveryBodies.bucketName,
    ORGANISATION_ID: settings.organisation.id,
  };
  const index = `${deliveries.tableArn}/index/${verdictIndex.name}`;

  const receive = define('ReceiveHook', {
    handler: 'receive-hook',
    description: 'POST /v1/hooks/{source}',
    environment: {
      ...data,
      DRAFTS_QUEUE_URL: drafts.queueUrl,
      HOOK_SECRETS: secretArns(stack, hookSecrets),
      ORGANISATION_USER_ID: settings.organisation.userId,
      PUBLIC_BASE_URL: publicBaseUrl,
    },
    timeout: 10,
    memory: 512,
    reserved: settings.reservedConcurrency?.hooks,
  })
    .allow(deliveries.tableArn, 'dynamodb:UpdateItem')
    .allow(drafts.queueArn, 'sqs:SendMessage')
    .allowObjects(deliveryBodies, 's3:PutObject');
  conversations.allow(receive, 'PutItem', 'GetItem');
  for (const secret of Object.values(hookSecrets)) {
    receive.allow(secret.secretArn, 'secretsmanager:GetSecretValue');
  }

  const getDeliveries = define('GetDeliveries', {
    handler: 'get-deliveries',
    description: 'GET /v1/hooks/{source}/deliveries, GET /v1/hooks/{source}/deliveries/{id}',
    environment: { ...data, API_KEYS_TABLE: apiKeys.tableName },
    timeout: 20,
    memory: 512,
  })
    .allow(deliveries.tableArn, 'dynamodb:GetItem')
    .allow(index, 'dynamodb:Query')
    .allow(apiKeys.tableArn, 'dynamodb:GetItem')
    .allowObjects(deliveryBodies, 's3:GetObject');
  conversations.allow(getDeliveries, 'GetItem');

  const replayDeliveries = define('ReplayDeliveries', {
    handler: 'replay-deliveries',
    description: 'POST /v1/hooks/{source}/deliveries/{id}/replay, POST /v1/hooks/{source}/replay',
    environment: {
      ...data,
      API_KEYS_TABLE: apiKeys.tableName,
      DRAFTS_QUEUE_URL: drafts.queueUrl,
      ORGANISATION_USER_ID: settings.organisation.userId,
    },
    timeout: 28,
    memory: 1024,
  })
    .allow(deliveries.tableArn, 'dynamodb:GetItem', 'dynamodb:UpdateItem')
    .allow(index, 'dynamodb:Query')
    .allow(apiKeys.tableArn, 'dynamodb:GetItem')
    .allow(drafts.queueArn, 'sqs:SendMessage')
    .allowObjects(deliveryBodies, 's3:GetObject');
  conversations.allow(replayDeliveries, 'PutItem', 'GetItem');

  return { receive, getDeliveries, replayDeliveries };
}

/** Bytes of all variables of a function: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const environmentLimit = 4096;
/** Bytes of the other variables, and of an ARN beside the secret's logical id: its region, account, and what CloudFormation adds. */
const otherVariables = 1200;
const restOfArn = 90;

/** The ARN of each source's secret as JSON. Throws an Error here for what Lambda would refuse in the middle of a deployment. */
function secretArns(stack: Stack, secrets: StatefulStack['hookSecrets']): string {
  const bytes = Object.entries(secrets)
    .map(([source, { node }]) => source.length + node.id.length + restOfArn)
    .reduce((sum, each) => sum + each, otherVariables);
  if (bytes > environmentLimit) {
    throw new Error(
      `${Object.keys(secrets).length} sources are more than the environment of one function takes: about ${bytes} bytes of ${environmentLimit}.`,
    );
  }
  return stack.toJsonString(
    Object.fromEntries(Object.entries(secrets).map(([source, { secretArn }]) => [source, secretArn])),
  );
}
