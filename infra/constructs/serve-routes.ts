import { Stack, Validations } from 'aws-cdk-lib';
import {
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
  type CfnRoute,
  type CfnStage,
  type HttpApi,
  type HttpMethod,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { defaultThrottling, type RouteGroup, type StageSettings } from '../stages.ts';
import type { IntakeFunction } from './intake-function.ts';

/** A route, the group that it is throttled with, and the function behind it. */
export type ServedRoute = readonly [
  group: RouteGroup,
  method: HttpMethod,
  path: string,
  target: IntakeFunction,
];

/**
 * One JSON line for each request. No header but the user agent, no query and no path, in which a key, a signature or a customer could
 * stand: the function's own line has the rest, and the request id. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
 */
const accessLine = AccessLogFormat.custom(
  JSON.stringify({
    time: '$context.requestTime',
    requestId: '$context.requestId',
    route: '$context.routeKey',
    status: '$context.status',
    ip: '$context.identity.sourceIp',
    userAgent: '$context.identity.userAgent',
    responseBytes: '$context.responseLength',
    responseMs: '$context.responseLatency',
    integrationMs: '$context.integrationLatency',
    integrationStatus: '$context.integrationStatus',
    integrationError: '$context.integrationErrorMessage',
    error: '$context.error.message',
  }),
);

/** Serves the routes, each throttled as its group is, and everything else by `otherwise`; logs each request. */
export function serveRoutes(
  api: HttpApi,
  settings: StageSettings,
  routes: readonly ServedRoute[],
  otherwise: IntakeFunction,
): HttpStage {
  const stack = Stack.of(api);
  const accessLog = new LogGroup(stack, 'AccessLog', { retention: settings.logRetentionDays });
  const stage = new HttpStage(stack, 'DefaultStage', {
    httpApi: api,
    stageName: '$default',
    autoDeploy: true,
    accessLogSettings: { destination: new LogGroupLogDestination(accessLog), format: accessLine },
  });
  const added = routes.flatMap(([group, method, path, target]) =>
    api
      .addRoutes({ path, methods: [method], integration: integrationOf(target) })
      .map((route) => ({ group, key: `${method} ${path}`, route })),
  );
  const rest = new HttpRoute(stack, 'OtherRoutes', {
    httpApi: api,
    routeKey: HttpRouteKey.DEFAULT,
    integration: integrationOf(otherwise),
  });
  const all = [...added, { group: 'others' as const, key: '$default', route: rest }];
  throttle(stage, settings, all);
  for (const { route } of all) {
    Validations.of(route).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason:
        "The function checks the API key, or the sender's signature over the raw body; 404 needs neither.",
    });
  }
  return stage;
}

/** The stage comes after its routes: it is refused while one that it has settings for is not there. */
function throttle(
  stage: HttpStage,
  { throttling }: StageSettings,
  routes: readonly { group: RouteGroup; key: string; route: HttpRoute }[],
): void {
  const resource = stage.node.defaultChild as CfnStage;
  resource.routeSettings = Object.fromEntries(
    routes.map(({ group, key }) => {
      const { rate, burst } = throttling?.[group] ?? defaultThrottling[group];
      return [key, { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst }];
    }),
  );
  for (const { route } of routes) resource.addResourceDependency(route.node.defaultChild as CfnRoute);
}

function integrationOf(target: IntakeFunction): HttpLambdaIntegration {
  return new HttpLambdaIntegration(`${target.node.id}Integration`, target.live);
}
