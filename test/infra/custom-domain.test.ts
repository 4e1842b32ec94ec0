import { describe, expect, it } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import type { StageSettings } from '../../infra/stages.ts';
import { synthesized } from './synthesized.ts';

const domain = {
  name: 'intake.example.com',
  certificateArn: 'arn:aws:acm:eu-central-1:123456789012:certificate/0f2c',
};
const mutualTls = { truststoreBucket: 'truststore', truststoreKey: 'authorities.pem' };
const withDomain = (more: Partial<StageSettings> = {}) => synthesized('prod', { domain, ...more });

describe('a domain of its own', () => {
  it('serves the API at its root, over TLS 1.2 and the given certificate', () => {
    const { api } = withDomain();
    api.hasResourceProperties('AWS::ApiGatewayV2::DomainName', {
      DomainName: domain.name,
      DomainNameConfigurations: [
        { CertificateArn: domain.certificateArn, EndpointType: 'REGIONAL', SecurityPolicy: 'TLS_1_2' },
      ],
      MutualTlsAuthentication: Match.absent(),
    });
    api.hasResource('AWS::ApiGatewayV2::ApiMapping', {
      Properties: { Stage: '$default', ApiMappingKey: Match.absent() },
      DependsOn: [Match.stringLikeRegexp('^DefaultStage')],
    });
    api.hasResourceProperties('AWS::ApiGatewayV2::Api', { DisableExecuteApiEndpoint: false });
  }, 60_000);

  it('is what senders call and what whoever deploys is told, with what its DNS record points to', () => {
    const { api } = withDomain();
    api.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ PUBLIC_BASE_URL: 'https://intake.example.com' }) },
    });
    expect(api.findOutputs('*')).toMatchObject({
      BaseUrl: { Value: 'https://intake.example.com' },
      DomainTarget: { Value: { 'Fn::GetAtt': [expect.stringMatching(/^Domain/), 'RegionalDomainName'] } },
      DomainZone: { Value: { 'Fn::GetAtt': [expect.stringMatching(/^Domain/), 'RegionalHostedZoneId'] } },
    });
  }, 60_000);

  it('gives way to a public base URL that is set', () => {
    const { api } = withDomain({ publicBaseUrl: 'https://front.example.com/intake' });
    expect(api.findOutputs('BaseUrl')).toMatchObject({
      BaseUrl: { Value: 'https://front.example.com/intake' },
    });
  }, 60_000);

  it('asks clients for a certificate when there is a truststore, and leaves no other way in', () => {
    const { api } = withDomain({
      domain: { ...domain, mutualTls: { ...mutualTls, truststoreVersion: 'v3' } },
    });
    api.hasResourceProperties('AWS::ApiGatewayV2::DomainName', {
      MutualTlsAuthentication: { TruststoreUri: 's3://truststore/authorities.pem', TruststoreVersion: 'v3' },
    });
    api.hasResourceProperties('AWS::ApiGatewayV2::Api', { DisableExecuteApiEndpoint: true });
  }, 60_000);
});

it('a stage without a domain has none, and can be called at the address of AWS', () => {
  const { api } = synthesized('prod');
  api.resourceCountIs('AWS::ApiGatewayV2::DomainName', 0);
  api.hasResourceProperties('AWS::ApiGatewayV2::Api', { DisableExecuteApiEndpoint: false });
}, 60_000);
