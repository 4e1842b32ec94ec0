import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { DeployedFunction } from './deployed-functions.ts';

/** A function's handler, called with an event and what it reads of Lambda's context. */
export type Handler<Answer = { statusCode: number }> = (event: object, context: object) => Promise<Answer>;

/**
 * Loads a deployed bundle into this process, whose environment becomes that of the function: its template's, what `more` says, and AWS at
 * `endpoint`. Functions read it when they are loaded, so another can be loaded afterwards.
 */
export function deployedHandler<Answer>(
  { asset, environment }: DeployedFunction,
  endpoint: string,
  more: Record<string, string> = {},
): Handler<Answer> {
  Object.assign(process.env, environment, more, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    AWS_ENDPOINT_URL: endpoint,
  });
  return requireHandler(join(asset, 'index.js'));
}

/** Loads the `handler` that a CommonJS bundle exports. */
export function requireHandler<Answer>(file: string): Handler<Answer> {
  return (createRequire(import.meta.url)(file) as { handler: Handler<Answer> }).handler;
}
