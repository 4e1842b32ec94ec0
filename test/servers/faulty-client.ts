import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** What comes between a client and its server. Throwing before `send` loses the request, after it the answer. */
export type Fault = (command: string, send: () => Promise<void>) => Promise<void>;

/** The client again, but each of its commands goes through `fault`, as on a bad network or in a dying function. */
export function withFault(client: DynamoDBClient, fault: Fault): DynamoDBClient {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      let result: Awaited<ReturnType<typeof next>> | undefined;
      await fault(String(context['commandName']), async () => {
        result = await next(args);
      });
      if (!result) throw new Error('The fault neither sent nor threw');
      return result;
    },
    { step: 'initialize', name: 'fault' },
  );
  return client;
}

/** A fault that lets `count` puts through and then fails every further one before it is sent. */
export function dyingAfterPuts(count: number): Fault {
  let puts = 0;
  return async (command, send) => {
    if (command === 'PutItemCommand' && ++puts > count) throw new Error('The function died');
    await send();
  };
}
