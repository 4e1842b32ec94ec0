import type { StageSettings } from '../stages.ts';
import type { StatefulStack } from '../stacks/stateful-stack.ts';
import type { IntakeFunction } from './intake-function.ts';
import { customerIndex } from '../../functions/conversations/dynamo-list.ts';

/** What a function does with conversations: each is an action of DynamoDB's on their table, or a query of its index. */
type Action = 'GetItem' | 'PutItem' | 'BatchGetItem' | 'BatchWriteItem' | 'QueryIndex';

/** How functions reach the conversations of a stage, wherever they live. */
export interface ConversationsAccess {
  /** Tells a function which destination it is, and where. */
  environment: Record<string, string>;
  /** Lets a function do just what it needs there: `actions` on the table, or reading the relay's API key. */
  allow(lambda: IntakeFunction, ...actions: Action[]): IntakeFunction;
}

/** What holds where the stage does not say otherwise: its settings tell what each is. */
const defaults = { reservedShare: 0.2, requestBytes: 100_000, bulkPatienceSeconds: 600, newCustomers: true };

export function conversationsAccess(
  { destination, organisation }: StageSettings,
  { conversations, kustomerKey }: StatefulStack,
): ConversationsAccess {
  if (destination.kind === 'kustomer') {
    const keyArn = kustomerKey!.secretArn;
    const { baseUrl, requestsPerMinute, ...settings } = { ...defaults, ...destination };
    return {
      environment: {
        KUSTOMER_BASE_URL: baseUrl,
        KUSTOMER_BULK_PATIENCE: String(settings.bulkPatienceSeconds),
        KUSTOMER_KEY_ARN: keyArn,
        KUSTOMER_NEW_CUSTOMERS: settings.newCustomers ? 'yes' : 'no',
        KUSTOMER_REQUEST_BYTES: String(settings.requestBytes),
        KUSTOMER_RESERVED_SHARE: String(settings.reservedShare),
        ...(requestsPerMinute !== undefined && { KUSTOMER_REQUESTS_PER_MINUTE: String(requestsPerMinute) }),
        ORGANISATION_ID: organisation.id,
      },
      allow: (lambda) => lambda.allow(keyArn, 'secretsmanager:GetSecretValue'),
    };
  }
  const index = `${conversations.tableArn}/index/${customerIndex}`;
  return {
    environment: { CONVERSATIONS_TABLE: conversations.tableName },
    allow: (lambda, ...actions) => {
      const onTable = actions.filter((action) => action !== 'QueryIndex');
      if (onTable.length > 0) {
        lambda.allow(conversations.tableArn, ...onTable.map((action) => `dynamodb:${action}`));
      }
      return actions.includes('QueryIndex') ? lambda.allow(index, 'dynamodb:Query') : lambda;
    },
  };
}
