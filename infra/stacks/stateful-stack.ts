import { CfnOutput, Duration, RemovalPolicy, Stack, Validations, type StackProps } from 'aws-cdk-lib';
import { AttributeType, Billing, ProjectionType, TableV2, type TablePropsV2 } from 'aws-cdk-lib/aws-dynamodb';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Secret, type CfnSecret, type ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { customerIndex } from '../../functions/conversations/dynamo-list.ts';
import { verdictIndex } from '../../functions/hooks/stored-delivery.ts';
import { maxReceives, writeDraftsTimeout } from '../constructs/drafts-consumer.ts';
import { sourcesOn } from '../sources-on.ts';
import type { StageSettings } from '../stages.ts';
import { hookSecretId, kustomerKeyId, pascalCase } from './secret-ids.ts';

/** Which stage. */
export interface StatefulStackProps extends StackProps {
  settings: StageSettings;
}

/** All that must outlive a deployment: tables, the drafts queue with its dead letters, large bodies, the sources' secrets. */
export class StatefulStack extends Stack {
  readonly conversations: TableV2;
  readonly apiKeys: TableV2;
  readonly bulkJobs: TableV2;
  readonly limits: TableV2;
  readonly deliveries: TableV2;
  /** Bodies of deliveries that are too large for the table. */
  readonly deliveryBodies: Bucket;
  readonly drafts: Queue;
  readonly deadLetters: Queue;
  /** By source name. */
  readonly hookSecrets: Readonly<Record<string, Secret>>;
  /** Of the relay's API key, where conversations are relayed. */
  readonly kustomerKey: ISecret | undefined;

  constructor(scope: Construct, id: string, { settings, ...props }: StatefulStackProps) {
    super(scope, id, { ...props, terminationProtection: settings.keepsData });
    const removalPolicy = settings.keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
    const table = (name: string, more: Partial<TablePropsV2> = {}) =>
      new TableV2(this, name, {
        partitionKey: { name: 'pk', type: AttributeType.STRING },
        billing: Billing.onDemand(),
        pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
        deletionProtection: settings.keepsData,
        removalPolicy,
        ...more,
      });
    this.conversations = table('Conversations', { globalSecondaryIndexes: [byCustomer] });
    this.apiKeys = table('ApiKeys');
    const sk = { name: 'sk', type: AttributeType.STRING };
    this.bulkJobs = table('BulkJobs', { sortKey: sk, timeToLiveAttribute: 'expires' });
    this.limits = table('Limits', { timeToLiveAttribute: 'expires' });
    this.deliveries = table('Deliveries', {
      sortKey: sk,
      timeToLiveAttribute: 'expires',
      globalSecondaryIndexes: [byVerdict],
    });
    this.deliveryBodies = this.#deliveryBodies(removalPolicy);

    const queue = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true, removalPolicy };
    this.deadLetters = new Queue(this, 'DeadLetters', { ...queue, retentionPeriod: Duration.days(14) });
    this.drafts = new Queue(this, 'Drafts', {
      ...queue,
      // Well below that of the dead letters, which count from when a message was first sent.
      retentionPeriod: Duration.days(4),
      // Six times the consumer's timeout and its window, as Lambda's guide on SQS asks.
      visibilityTimeout: Duration.seconds(6 * writeDraftsTimeout + settings.batchWindowSeconds),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: maxReceives },
    });

    this.hookSecrets = Object.fromEntries(
      sourcesOn(settings).map((source) => [source, this.#hookSecret(source, removalPolicy)]),
    );
    if (settings.destination.kind === 'kustomer') {
      const { apiKeySecret } = settings.destination;
      this.kustomerKey =
        apiKeySecret === undefined
          ? this.#kustomerKey(removalPolicy)
          : Secret.fromSecretCompleteArn(this, kustomerKeyId, apiKeySecret);
      new CfnOutput(this, 'KustomerApiKeySecret', { value: this.kustomerKey.secretArn });
    }
    new CfnOutput(this, 'ConversationsTable', { value: this.conversations.tableName });
    new CfnOutput(this, 'ApiKeysTable', { value: this.apiKeys.tableName });
    new CfnOutput(this, 'DraftsQueueUrl', { value: this.drafts.queueUrl });
    new CfnOutput(this, 'DeadLettersUrl', { value: this.deadLetters.queueUrl });
  }

  /** An object is written before the record that names it, and lives as long: both count 30 days from when the delivery came last. */
  #deliveryBodies(removalPolicy: RemovalPolicy): Bucket {
    const bucket = new Bucket(this, 'DeliveryBodies', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      lifecycleRules: [
        { expiration: Duration.days(30), abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
      removalPolicy,
    });
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        "Only this application's functions reach it, and their logs tell of each delivery: access logs add nothing.",
    });
    return bucket;
  }

  /** Made with a random value, so that nobody can sign before the value is given to the sender. */
  #hookSecret(source: string, removalPolicy: RemovalPolicy): Secret {
    const secret = new Secret(this, hookSecretId(source), {
      description: `Signing secret of the webhook source ${source}`,
      generateSecretString: { excludePunctuation: true, passwordLength: 48 },
      removalPolicy,
    });
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason: 'The value is shared with the sender: it can only be rotated together with the setting there.',
    });
    new CfnOutput(this, `${pascalCase(source)}Secret`, { value: secret.secretArn });
    return secret;
  }

  /** Made without a value: the vendor shows a key once, and a random one would only be refused. */
  #kustomerKey(removalPolicy: RemovalPolicy): Secret {
    const secret = new Secret(this, kustomerKeyId, {
      description: 'API key of the Kustomer organisation that conversations are relayed to',
      removalPolicy,
    });
    (secret.node.defaultChild as CfnSecret).generateSecretString = undefined;
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'The vendor makes the key, and its roles cannot be changed: somebody has to make the next one there.',
    });
    return secret;
  }
}

const byCustomer = {
  indexName: customerIndex,
  partitionKey: { name: 'customerKey', type: AttributeType.STRING },
  sortKey: { name: 'customerSort', type: AttributeType.STRING },
};

const byVerdict = {
  indexName: verdictIndex.name,
  partitionKey: { name: 'verdictKey', type: AttributeType.STRING },
  sortKey: { name: 'verdictSort', type: AttributeType.STRING },
  projectionType: ProjectionType.INCLUDE,
  nonKeyAttributes: [...verdictIndex.includes],
};
