import type { FunctionPool } from '../lambda/function-pool.ts';

/** A route of the HTTP API and the function behind it. */
export interface Route {
  /** As the template has it: `METHOD /path/{param}`, `ANY /path/{rest+}` or `$default`. */
  readonly routeKey: string;
  readonly pool: FunctionPool;
  /** How long API Gateway waits for the function, in milliseconds. */
  readonly timeoutMs: number;
}

/** The route a request takes, and what its path variables are. */
export interface Match {
  readonly route: Route;
  readonly pathParameters: Record<string, string>;
}

interface CompiledRoute {
  readonly route: Route;
  readonly method: string;
  readonly segments: readonly string[];
  readonly rank: string;
}

const VARIABLE = /^\{([^}+]+)(\+?)\}$/;

/**
 * @param routes of one API
 * @returns finds the route of a method and a decoded path; undefined when API Gateway would answer 404.
 *   The most specific wins: a full match before a greedy variable before $default.
 *   https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
export function routeTable(routes: readonly Route[]): (method: string, path: string) => Match | undefined {
  const compiled = routes
    .filter(({ routeKey }) => routeKey !== '$default')
    .map(compile)
    .sort((a, b) => (a.rank < b.rank ? -1 : 1));
  const fallback = routes.find(({ routeKey }) => routeKey === '$default');
  return (method, path) => {
    const segments = path.split('/').slice(1);
    for (const candidate of compiled) {
      if (candidate.method !== 'ANY' && candidate.method !== method) continue;
      const pathParameters = matchSegments(candidate.segments, segments);
      if (pathParameters) return { route: candidate.route, pathParameters };
    }
    return fallback && { route: fallback, pathParameters: {} };
  };
}

function compile(route: Route): CompiledRoute {
  const [method = '', path = ''] = route.routeKey.split(' ');
  const segments = path.split('/').slice(1);
  // Compared as text, segment by segment: fixed before variable before greedy; then a method of its own before ANY.
  const kinds = segments.map((segment) =>
    segment.endsWith('+}') ? '2' : segment.startsWith('{') ? '1' : '0',
  );
  return { route, method, segments, rank: `${kinds.join('')}${method === 'ANY' ? '1' : '0'}` };
}

function matchSegments(
  pattern: readonly string[],
  path: readonly string[],
): Record<string, string> | undefined {
  const found: Record<string, string> = {};
  for (const [place, segment] of pattern.entries()) {
    const [, name, greedy] = VARIABLE.exec(segment) ?? [];
    const value = greedy ? path.slice(place).join('/') : path[place];
    if (name === undefined ? value !== segment : !value) return undefined;
    if (name !== undefined && value !== undefined) found[name] = value;
    if (greedy) return found;
  }
  return pattern.length === path.length ? found : undefined;
}
