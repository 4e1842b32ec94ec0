import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Construct } from 'constructs';
import { conversationsAccess } from '../constructs/conversations-access.ts';
import { customDomain } from '../constructs/custom-domain.ts';
import { consumeDrafts, maxReceives, writeDraftsTimeout } from '../constructs/drafts-consumer.ts';
import { IntakeFunction, type IntakeFunctionProps } from '../constructs/intake-function.ts';
import { monthlyBudget } from '../constructs/monthly-budget.ts';
import { rollOut } from '../constructs/roll-out.ts';
import { serveRoutes } from '../constructs/serve-routes.ts';
import type { StageSettings } from '../stages.ts';
import { hookFunctions } from './hook-functions.ts';
import type { StatefulStack } from './stateful-stack.ts';

/** Which stage, and where its data is. */
export interface ApiStackProps extends StackProps {
  settings: StageSettings;
  stateful: StatefulStack;
}

/** The HTTP API and the functions: nothing that could not be made anew. */
export class ApiStack extends Stack {
  constructor(scope: Construct, id: string, { settings, stateful, ...props }: ApiStackProps) {
    super(scope, id, props);
    const { apiKeys, bulkJobs, limits, deliveries, drafts, deadLetters } = stateful;
    // Before the functions: one of them is told its address.
    const api = new HttpApi(this, 'Api', {
      createDefaultStage: false,
      // Else its certificates could be gone around.
      disableExecuteApiEndpoint: settings.domain?.mutualTls !== undefined,
    });
    const conversations = conversationsAccess(settings, stateful);
    const relays = settings.destination.kind === 'kustomer';
    const tables = { ...conversations.environment, API_KEYS_TABLE: apiKeys.tableName };
    const define = (name: string, spec: Omit<IntakeFunctionProps, 'settings'>) =>
      new IntakeFunction(this, name, { settings, ...spec });

    const create = define('CreateConversation', {
      handler: 'create-conversation',
      description: 'POST /v1/customers/{id}/conversations, POST /v1/conversations',
      environment: {
        ...tables,
        LIMITS_TABLE: limits.tableName,
        // What the vendor's limit puts off is queued for a caller who prefers that.
        ...(relays && { DRAFTS_QUEUE_URL: drafts.queueUrl }),
      },
      timeout: 10,
      memory: 512,
      reserved: settings.reservedConcurrency?.creates,
    })
      .allow(limits.tableArn, 'dynamodb:UpdateItem')
      .allow(apiKeys.tableArn, 'dynamodb:GetItem');
    conversations.allow(create, 'PutItem', 'GetItem');
    if (relays) create.allow(drafts.queueArn, 'sqs:SendMessage');

    const get = define('GetConversation', {
      handler: 'get-conversation',
      description: 'GET /v1/conversations/{id}',
      environment: tables,
      timeout: 10,
      memory: 512,
    }).allow(apiKeys.tableArn, 'dynamodb:GetItem');
    conversations.allow(get, 'GetItem');

    const list = define('ListConversations', {
      handler: 'list-conversations',
      description: 'GET /v1/customers/{id}/conversations',
      environment: tables,
      timeout: 20,
      memory: 512,
    }).allow(apiKeys.tableArn, 'dynamodb:GetItem');
    conversations.allow(list, 'QueryIndex');

    const submitBulk = define('SubmitBulk', {
      handler: 'submit-bulk',
      description: 'POST /v1/conversations/bulk',
      environment: {
        API_KEYS_TABLE: apiKeys.tableName,
        BULK_JOBS_TABLE: bulkJobs.tableName,
        DRAFTS_QUEUE_URL: drafts.queueUrl,
      },
      timeout: 28,
      memory: 1024,
    })
      .allow(
        bulkJobs.tableArn,
        'dynamodb:PutItem',
        'dynamodb:GetItem',
        'dynamodb:BatchWriteItem',
        'dynamodb:UpdateItem',
      )
      .allow(drafts.queueArn, 'sqs:SendMessage')
      .allow(apiKeys.tableArn, 'dynamodb:GetItem');

    const getBulk = define('GetBulk', {
      handler: 'get-bulk',
      description: 'GET /v1/bulk/{id}, GET /v1/bulk/{id}/batches',
      environment: { API_KEYS_TABLE: apiKeys.tableName, BULK_JOBS_TABLE: bulkJobs.tableName },
      timeout: 20,
      memory: 512,
    })
      .allow(bulkJobs.tableArn, 'dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query')
      .allow(apiKeys.tableArn, 'dynamodb:GetItem');

    const address = settings.domain ? `https://${settings.domain.name}` : api.apiEndpoint;
    const publicBaseUrl = settings.publicBaseUrl ?? address;
    const hooks = hookFunctions(this, { settings, stateful, conversations, publicBaseUrl });

    const writeDrafts = define('WriteDrafts', {
      handler: 'write-drafts',
      description: 'Creates the conversations of the drafts queue',
      environment: {
        ...conversations.environment,
        DRAFTS_QUEUE_URL: drafts.queueUrl,
        BULK_JOBS_TABLE: bulkJobs.tableName,
        DEAD_LETTERS_URL: deadLetters.queueUrl,
        DELIVERIES_TABLE: deliveries.tableName,
        MAX_RECEIVES: String(maxReceives),
      },
      timeout: writeDraftsTimeout,
      memory: 1024,
      sendsToItself: relays,
    })
      .allow(bulkJobs.tableArn, 'dynamodb:PutItem')
      .allow(deliveries.tableArn, 'dynamodb:UpdateItem')
      .allow(deadLetters.queueArn, 'sqs:SendMessage');
    conversations.allow(writeDrafts, 'PutItem', 'GetItem', 'BatchGetItem', 'BatchWriteItem');
    // What was handed over is followed up, and what the vendor's budget puts off is sent anew before its last receive.
    if (relays) writeDrafts.allow(drafts.queueArn, 'sqs:SendMessage');
    consumeDrafts(writeDrafts, drafts, settings);

    const noSuchRoute = define('NoSuchRoute', {
      handler: 'no-such-route',
      description: 'Whatever no other route takes: 404',
      environment: {},
      timeout: 3,
      memory: 256,
    });

    const stage = serveRoutes(
      api,
      settings,
      [
        ['creates', HttpMethod.POST, '/v1/customers/{id}/conversations', create],
        ['creates', HttpMethod.POST, '/v1/conversations', create],
        ['bulk', HttpMethod.POST, '/v1/conversations/bulk', submitBulk],
        ['reads', HttpMethod.GET, '/v1/bulk/{id}', getBulk],
        ['reads', HttpMethod.GET, '/v1/bulk/{id}/batches', getBulk],
        ['reads', HttpMethod.GET, '/v1/conversations/{id+}', get],
        ['reads', HttpMethod.GET, '/v1/customers/{id}/conversations', list],
        ['hooks', HttpMethod.POST, '/v1/hooks/{source}', hooks.receive],
        ['reads', HttpMethod.GET, '/v1/hooks/{source}/deliveries', hooks.getDeliveries],
        ['reads', HttpMethod.GET, '/v1/hooks/{source}/deliveries/{id+}', hooks.getDeliveries],
        // Replays one: the parameter ends in /replay.
        ['replays', HttpMethod.POST, '/v1/hooks/{source}/deliveries/{id+}', hooks.replayDeliveries],
        ['replays', HttpMethod.POST, '/v1/hooks/{source}/replay', hooks.replayDeliveries],
      ],
      noSuchRoute,
    );
    rollOut(this, api, settings);
    if (settings.domain) customDomain(api, stage, settings.domain);
    monthlyBudget(this, settings);
    new CfnOutput(this, 'BaseUrl', { value: publicBaseUrl });
    new CfnOutput(this, 'OrganisationId', { value: settings.organisation.id });
    new CfnOutput(this, 'OrganisationUserId', { value: settings.organisation.userId });
  }
}
