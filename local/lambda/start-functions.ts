import type { Assembly } from '../template/assembly.ts';
import type { Resolver } from '../template/resolver.ts';
import { FunctionPool } from './function-pool.ts';
import { functionSettings, type Endpoints } from './function-settings.ts';
import type { WatcherModule } from './thread-watcher.ts';

// A name, an ARN or an invocation path: the name in it, and the qualifier if there is one.
const REFERENCE = /(?:^|function:)([^:/]+)(?::([^:/]+))?(?:$|\/)/;

/** The template's functions, ready to be invoked. */
export interface Functions {
  /**
   * @param reference the function's name or ARN, with or without a qualifier, or API Gateway's invocation path of it
   * @returns undefined when the template has no such function, or neither an alias nor a version of it with that qualifier
   */
  poolOf(this: void, reference: string): FunctionPool | undefined;
  close(): Promise<void>;
}

/**
 * Makes a pool of every AWS::Lambda::Function. No thread is started before the first invocation or `warm`.
 *
 * @throws StartFailure for a function whose code is not an asset
 */
export function startFunctions(from: {
  resolver: Resolver;
  assembly: Assembly;
  endpoints: Endpoints;
  /** Where each function's log file goes. */
  logFolder: string;
  print: (line: string) => void;
  /** Watches every thread. */
  watcher?: WatcherModule | undefined;
}): Functions {
  const { resolver, assembly, endpoints, logFolder, print, watcher } = from;
  const pools = new Map<string, FunctionPool>();
  for (const resource of resolver.ofType('AWS::Lambda::Function')) {
    const settings = functionSettings(resource, resolver, assembly, endpoints, logFolder);
    pools.set(settings.name, new FunctionPool({ ...settings, watcher }, print));
  }
  // Whatever versions there were before, of a template there is one: an alias leads to it, and no canary to another.
  const qualified = new Set(
    resolver
      .ofType('AWS::Lambda::Alias', 'AWS::Lambda::Version')
      .map(({ logicalId, stack }) => String(resolver.resolve({ Ref: logicalId }, stack)))
      .map((arn) => arn.split(':').slice(-2).join(':')),
  );
  return {
    poolOf: (reference) => {
      const [, name = '', qualifier] = REFERENCE.exec(reference) ?? [];
      const isThere = qualifier === undefined || qualified.has(`${name}:${qualifier}`);
      return isThere ? pools.get(name) : undefined;
    },
    close: async () => void (await Promise.all([...pools.values()].map((pool) => pool.close()))),
  };
}
