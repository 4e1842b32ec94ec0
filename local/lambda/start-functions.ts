import type { Assembly } from '../template/assembly.ts';
import type { Resolver } from '../template/resolver.ts';
import { FunctionPool } from './function-pool.ts';
import { functionSettings, type Endpoints } from './function-settings.ts';
import type { WatcherModule } from './thread-watcher.ts';

/** The template's functions, ready to be invoked. */
export interface Functions {
  /**
   * @param reference the function's name, its ARN with or without a qualifier, or API Gateway's invocation path of it
   * @returns undefined when the template has no such function
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
  return {
    poolOf: (reference) => pools.get(/function:([^:/]+)/.exec(reference)?.[1] ?? reference),
    close: async () => void (await Promise.all([...pools.values()].map((pool) => pool.close()))),
  };
}
