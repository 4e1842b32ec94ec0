import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { arn } from '../template/references.ts';
import type { SecretsFile, StoredSecret } from './secrets-file.ts';

/** The local Secrets Manager. */
export interface SecretsServer {
  readonly url: string;
  /** Names the secrets that exist: those of the template. Until then there is none. */
  serve(names: ReadonlySet<string>): void;
  stop(): Promise<void>;
}

interface SecretsRequest {
  SecretId?: string;
  SecretString?: string;
  ClientRequestToken?: string;
}

/** An answer in Secrets Manager's own error format. */
class Refusal extends Error {
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

/**
 * Serves GetSecretValue, PutSecretValue and DescribeSecret over AWS JSON 1.1, so that the real client works against it.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Operations.html
 */
export async function startSecretsServer(file: SecretsFile): Promise<SecretsServer> {
  let names: ReadonlySet<string> = new Set();
  const server = createServer((request, response) => {
    const send = (status: number, body: object): void => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
    };
    answer(request, file, names).then(
      (body) => send(200, body),
      (error: unknown) => {
        if (error instanceof Refusal) send(400, { __type: error.type, Message: error.message });
        else send(500, { __type: 'InternalServiceError', Message: String(error) });
      },
    );
  });
  server.keepAliveTimeout = 600_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    serve: (existing) => void (names = existing),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  request: IncomingMessage,
  file: SecretsFile,
  names: ReadonlySet<string>,
): Promise<object> {
  const operation = String(request.headers['x-amz-target']).replace('secretsmanager.', '');
  const asked = JSON.parse((await text(request)) || '{}') as SecretsRequest;
  const name = String(asked.SecretId).replace(arn('secretsmanager', 'secret:'), '');
  if (!names.has(name)) {
    throw new Refusal('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  }
  switch (operation) {
    case 'GetSecretValue':
      return shown(name, await current(name, file), true);
    case 'PutSecretValue':
      if (typeof asked.SecretString !== 'string') {
        throw new Refusal(
          'InvalidRequestException',
          'You must provide SecretString; SecretBinary is not kept locally.',
        );
      }
      return shown(name, await file.put(name, asked.SecretString, asked.ClientRequestToken), false);
    case 'DescribeSecret': {
      const stored = await file.get(name);
      const versions = stored && { VersionIdsToStages: { [stored.versionId]: ['AWSCURRENT'] } };
      return { ARN: arn('secretsmanager', `secret:${name}`), Name: name, ...versions };
    }
    default:
      throw new Refusal('InvalidRequestException', `${operation} is not run locally.`);
  }
}

async function current(name: string, file: SecretsFile): Promise<StoredSecret> {
  const stored = await file.get(name);
  if (stored) return stored;
  throw new Refusal(
    'ResourceNotFoundException',
    "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
  );
}

function shown(name: string, stored: StoredSecret, withValue: boolean): object {
  return {
    ARN: arn('secretsmanager', `secret:${name}`),
    Name: name,
    VersionId: stored.versionId,
    VersionStages: ['AWSCURRENT'],
    ...(withValue && { SecretString: stored.value, CreatedDate: stored.createdDate }),
  };
}
