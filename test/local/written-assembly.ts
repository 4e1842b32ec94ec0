import { mkdtempSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A template as a test writes it down. */
export interface WrittenTemplate {
  readonly resources: Record<string, { Type: string; Properties?: object }>;
  readonly outputs?: Record<string, unknown>;
  /** Source of each function's `index.js` by asset name; its `Code` is then `{ S3Key: '<name>.zip' }`. */
  readonly functions?: Record<string, string | Record<string, string>>;
}

/** A new folder for one test's data. */
export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'local-'));
}

/** Writes a cloud assembly with one stack, as `cdk synth` would. @returns its folder */
export function writeAssembly({ resources, outputs = {}, functions = {} }: WrittenTemplate): string {
  const folder = newFolder();
  const write = (name: string, content: object): void =>
    writeFileSync(join(folder, name), JSON.stringify(content));
  const files: Record<string, object> = {};
  for (const [name, code] of Object.entries(functions)) {
    mkdirSync(join(folder, name));
    for (const [file, source] of Object.entries(typeof code === 'string' ? { 'index.js': code } : code)) {
      writeFileSync(join(folder, name, file), source);
    }
    files[name] = { source: { path: name }, destinations: { current: { objectKey: `${name}.zip` } } };
  }
  write('manifest.json', {
    artifacts: {
      Main: { type: 'aws:cloudformation:stack', properties: { templateFile: 'main.template.json' } },
      'Main.assets': { type: 'cdk:asset-manifest', properties: { file: 'main.assets.json' } },
    },
  });
  write('main.template.json', { Resources: resources, Outputs: outputs });
  write('main.assets.json', { files });
  return folder;
}

/** A function resource whose code is the asset of the same name. */
export function lambdaFunction(asset: string, properties: object = {}): { Type: string; Properties: object } {
  return {
    Type: 'AWS::Lambda::Function',
    Properties: { Code: { S3Key: `${asset}.zip` }, Handler: 'index.handler', Timeout: 10, ...properties },
  };
}

/** An HTTP API's resources: each route key leads to the function with that logical id. */
export function httpApi(routes: Record<string, string>): WrittenTemplate['resources'] {
  const resources: WrittenTemplate['resources'] = {
    Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'test', ProtocolType: 'HTTP' } },
    Stage: { Type: 'AWS::ApiGatewayV2::Stage', Properties: { StageName: '$default' } },
  };
  for (const [place, [routeKey, logicalId]] of Object.entries(routes).entries()) {
    const integration = `Integration${place}`;
    resources[integration] = {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: { IntegrationUri: { 'Fn::GetAtt': [logicalId, 'Arn'] }, PayloadFormatVersion: '2.0' },
    };
    resources[`Route${place}`] = {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        RouteKey: routeKey,
        Target: { 'Fn::Join': ['', ['integrations/', { Ref: integration }]] },
      },
    };
  }
  return resources;
}
