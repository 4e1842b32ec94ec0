/** What the functions of a system wait for when they write, by function: the calls that they make. */
export interface Calls {
  /** Threads die before and after each of these. */
  usual: Readonly<Record<string, readonly string[]>>;
  /** Calls that a function makes only when another of its calls failed. Nothing fails here but by being killed. */
  seldom: Readonly<Record<string, readonly string[]>>;
}

/**
 * The calls of AWS that each function that writes makes where conversations are kept in DynamoDB, and so all that it waits for. A call that
 * is not here is told by the proof, which must then learn to bring it about.
 */
export const calls: Calls = {
  usual: {
    CreateConversation: ['DynamoDB.GetItem', 'DynamoDB.UpdateItem', 'DynamoDB.PutItem'],
    SubmitBulk: [
      'DynamoDB.GetItem',
      'DynamoDB.PutItem',
      'DynamoDB.BatchWriteItem',
      'SQS.SendMessageBatch',
      'DynamoDB.UpdateItem',
    ],
    ReceiveHook: [
      'SecretsManager.GetSecretValue',
      'DynamoDB.PutItem',
      'DynamoDB.GetItem',
      'SQS.SendMessage',
      'S3.PutObject',
      'DynamoDB.UpdateItem',
    ],
    WriteDrafts: [
      'DynamoDB.BatchGetItem',
      'DynamoDB.BatchWriteItem',
      'DynamoDB.GetItem',
      'DynamoDB.PutItem',
      'DynamoDB.UpdateItem',
      'SQS.SendMessageBatch',
    ],
  },
  seldom: { WriteDrafts: ['SQS.ChangeMessageVisibilityBatch'] },
};

/** The calls of the function that makes conversations, where a system relays: those of AWS, and those of the vendor. */
export const relayCalls: Calls = {
  usual: {
    WriteDrafts: [
      'DynamoDB.PutItem',
      'DynamoDB.UpdateItem',
      'SQS.SendMessage',
      'SQS.SendMessageBatch',
      'SQS.ChangeMessageVisibilityBatch',
      'SecretsManager.GetSecretValue',
      'Vendor.POST bulk',
      'Vendor.GET batches',
      'Vendor.GET bulk',
      'Vendor.POST conversation',
      'Vendor.GET conversation',
      'Vendor.GET customer',
      'Vendor.POST customer',
    ],
  },
  seldom: {},
};

/**
 * Every place in which a thread can die: while it loads, before and after its handler, at some moment whatever it is doing,
 * before a call reaches its server, and when the server has acted but the answer is not read yet.
 */
export function pointsOf({ usual }: Calls): string[] {
  return Object.entries(usual).flatMap(([victim, made]) => [
    ...['loading', 'invoked', 'answering', 'at some moment'].map((when) => `${victim} ${when}`),
    ...made.flatMap((call) => [`${victim} before ${call}`, `${victim} after ${call}`]),
  ]);
}

/** Those of a system that keeps its conversations in DynamoDB. */
export const killPoints: readonly string[] = pointsOf(calls);
