import type { FunctionPool } from '../lambda/function-pool.ts';
import { StartFailure } from '../start-failure.ts';
import type { Resource } from '../template/assembly.ts';
import type { Resolver } from '../template/resolver.ts';
import type { Route } from './route-table.ts';

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html: maximum integration timeout.
const LONGEST_INTEGRATION_MS = 30_000;

/**
 * The routes of the template's HTTP API.
 *
 * @param poolOf the running function with this ARN, with or without a qualifier
 * @throws StartFailure for what would answer otherwise when deployed: authorizers, other payload formats, other
 *   integrations than functions, a stage in the path
 */
export function readRoutes(resolver: Resolver, poolOf: (arn: string) => FunctionPool | undefined): Route[] {
  for (const stage of resolver.ofType('AWS::ApiGatewayV2::Stage')) {
    const { StageName } = resolver.properties(stage);
    if (StageName !== '$default')
      throw refuse(stage, `its stage is ${String(StageName)}, only $default is run`);
  }
  return resolver.ofType('AWS::ApiGatewayV2::Route').map((route) => {
    const { RouteKey, Target, AuthorizationType = 'NONE' } = resolver.properties(route);
    if (AuthorizationType !== 'NONE') throw refuse(route, 'authorizers are not run');
    const integration = resolver
      .ofType('AWS::ApiGatewayV2::Integration')
      .find(({ logicalId, stack }) => stack === route.stack && Target === `integrations/${logicalId}`);
    if (!integration) throw refuse(route, `its target ${String(Target)} is not in the template`);
    const { IntegrationUri, PayloadFormatVersion, TimeoutInMillis } = resolver.properties(integration);
    if (PayloadFormatVersion !== '2.0') throw refuse(integration, 'only payload format 2.0 is run');
    const pool = poolOf(String(IntegrationUri));
    if (!pool) throw refuse(integration, 'it does not lead to a function of the template');
    const timeoutMs = Math.min(Number(TimeoutInMillis ?? LONGEST_INTEGRATION_MS), LONGEST_INTEGRATION_MS);
    return { routeKey: String(RouteKey), pool, timeoutMs };
  });
}

function refuse(resource: Resource, reason: string): StartFailure {
  return new StartFailure(`${resource.type} ${resource.logicalId} cannot run locally: ${reason}.`);
}
