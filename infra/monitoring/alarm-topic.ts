import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic, type ITopic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import type { StageSettings } from '../stages.ts';

/** The topic that a stage's alarms go to: its own with a subscription for the address, or the one that it names. None without a target. */
export function alarmTopic(scope: Construct, { alarmTarget }: StageSettings): ITopic | undefined {
  if (!alarmTarget) return undefined;
  if ('topicArn' in alarmTarget) return Topic.fromTopicArn(scope, 'Topic', alarmTarget.topicArn);
  const topic = encryptedTopic(scope);
  topic.addSubscription(new EmailSubscription(alarmTarget.email));
  return topic;
}

/**
 * CloudWatch cannot use the key that SNS has by default, and a topic with a policy of its own must name it as a publisher:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
 */
function encryptedTopic(scope: Construct): Topic {
  const key = new Key(scope, 'TopicKey', {
    description: 'Encrypts the notifications of alarms',
    enableKeyRotation: true,
  });
  const topic = new Topic(scope, 'Topic', { masterKey: key, enforceSSL: true });
  const cloudWatch = new ServicePrincipal('cloudwatch.amazonaws.com');
  const conditions = { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } };
  key.addToResourcePolicy(
    new PolicyStatement({
      principals: [cloudWatch],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      resources: ['*'],
      conditions,
    }),
  );
  topic.addToResourcePolicy(
    new PolicyStatement({
      principals: [cloudWatch],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions,
    }),
  );
  return topic;
}
