import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { StatefulTemplate } from '../../infra/deploy/lost-data.ts';

/** A CloudFormation that answers GetTemplate. */
export interface TemplateServer {
  url: string;
  /** From now on these stacks are deployed: by name, their templates; none when undefined; `denied` answers nobody. */
  serve(deployed: Readonly<Record<string, StatefulTemplate>> | 'denied' | undefined): void;
  stop(): Promise<void>;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_GetTemplate.html */
export async function startTemplateServer(): Promise<TemplateServer> {
  let stacks: Parameters<TemplateServer['serve']>[0];
  const server = createServer((request, response) => {
    void text(request).then((form) => {
      const name = new URLSearchParams(form).get('StackName') ?? '';
      const template = stacks === 'denied' ? undefined : stacks?.[name];
      const answer =
        stacks === 'denied'
          ? ([403, fault('AccessDenied', 'not allowed')] as const)
          : template
            ? ([200, found(template)] as const)
            : ([400, fault('ValidationError', `Stack with id ${name} does not exist`)] as const);
      response.writeHead(answer[0], { 'content-type': 'text/xml' }).end(answer[1]);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    serve: (deployed) => void (stacks = deployed),
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

const namespace = 'xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"';

function found(template: StatefulTemplate): string {
  const body = JSON.stringify(template).replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<GetTemplateResponse ${namespace}><GetTemplateResult><TemplateBody>${body}</TemplateBody></GetTemplateResult></GetTemplateResponse>`;
}

function fault(code: string, message: string): string {
  return `<ErrorResponse ${namespace}><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;
}
