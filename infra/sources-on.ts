import { sources } from '../functions/hooks/sources.ts';
import type { StageSettings } from './stages.ts';

/** The names of the sources that are on at a stage, in the order of `functions/hooks/sources.ts`. */
export function sourcesOn({ sources: chosen }: Pick<StageSettings, 'sources'>): string[] {
  const all = Object.keys(sources);
  if (chosen === undefined) return all;
  return 'only' in chosen
    ? all.filter((name) => chosen.only.includes(name))
    : all.filter((name) => !chosen.off.includes(name));
}
