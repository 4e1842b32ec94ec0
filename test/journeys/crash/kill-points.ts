/**
 * The calls of AWS that each function that writes makes, and so all that it waits for. A call that is not here is told by the
 * proof, which must then learn to bring it about.
 */
export const calls = {
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
} as const satisfies Record<string, readonly string[]>;

/** Calls that a function makes only when another of its calls failed. Nothing fails here but by being killed. */
export const seldomCalls: Partial<Record<string, readonly string[]>> = {
  WriteDrafts: ['SQS.ChangeMessageVisibilityBatch'],
};

/**
 * Every place in which a thread can die: while it loads, before and after its handler, at some moment whatever it is doing,
 * before a call reaches its server, and when the server has acted but the answer is not read yet.
 */
export const killPoints: readonly string[] = Object.entries(calls).flatMap(([victim, made]) => [
  ...['loading', 'invoked', 'answering', 'at some moment'].map((when) => `${victim} ${when}`),
  ...made.flatMap((call) => [`${victim} before ${call}`, `${victim} after ${call}`]),
]);
