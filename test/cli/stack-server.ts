import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A CloudFormation that knows some stacks and their outputs, and answers DescribeStacks. */
export interface StackServer {
  url: string;
  stop(): Promise<void>;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html */
export async function startStackServer(
  stacks: Readonly<Record<string, Readonly<Record<string, string>>>>,
): Promise<StackServer> {
  const server = createServer((request, response) => {
    void text(request).then((form) => {
      const outputs = stacks[new URLSearchParams(form).get('StackName') ?? ''];
      response
        .writeHead(outputs ? 200 : 400, { 'content-type': 'text/xml' })
        .end(outputs ? described(outputs) : unknownStack);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function described(outputs: Readonly<Record<string, string>>): string {
  const members = Object.entries(outputs).map(
    ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
  );
  return `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult>
    <Stacks><member><Outputs>${members.join('')}</Outputs></member></Stacks>
    </DescribeStacksResult></DescribeStacksResponse>`;
}

const unknownStack = `<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><Error><Type>Sender</Type>
  <Code>ValidationError</Code><Message>Stack does not exist</Message></Error></ErrorResponse>`;
