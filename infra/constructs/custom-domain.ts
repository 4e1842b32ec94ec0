import { CfnOutput, Stack } from 'aws-cdk-lib';
import {
  ApiMapping,
  DomainName,
  SecurityPolicy,
  type HttpApi,
  type HttpStage,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Domain } from '../stages.ts';

/**
 * Serves an API's stage at a domain of the user's, at its root; with `mutualTls` only to clients whose certificate its truststore knows.
 * The outputs DomainTarget and DomainZone are what an alias record in the domain's own zone points to.
 */
export function customDomain(
  api: HttpApi,
  stage: HttpStage,
  { name, certificateArn, mutualTls }: Domain,
): void {
  const stack = Stack.of(api);
  const domainName = new DomainName(stack, 'Domain', {
    domainName: name,
    certificate: Certificate.fromCertificateArn(stack, 'Certificate', certificateArn),
    securityPolicy: SecurityPolicy.TLS_1_2,
    ...(mutualTls && {
      mtls: {
        bucket: Bucket.fromBucketName(stack, 'Truststore', mutualTls.truststoreBucket),
        key: mutualTls.truststoreKey,
        ...(mutualTls.truststoreVersion !== undefined && { version: mutualTls.truststoreVersion }),
      },
    }),
  });
  new ApiMapping(stack, 'DomainMapping', { api, domainName, stage });
  new CfnOutput(stack, 'DomainTarget', { value: domainName.regionalDomainName });
  new CfnOutput(stack, 'DomainZone', { value: domainName.regionalHostedZoneId });
}
