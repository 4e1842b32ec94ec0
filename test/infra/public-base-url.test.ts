import { expect, it } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { synthesized } from './synthesized.ts';

it('a stage with a base URL of its own tells receive-hook and whoever deploys that', () => {
  const publicBaseUrl = 'https://hooks.example.com/intake';
  const { api } = synthesized('dev', { publicBaseUrl });
  api.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: Match.objectLike({ PUBLIC_BASE_URL: publicBaseUrl }) },
  });
  expect(api.findOutputs('BaseUrl')).toMatchObject({ BaseUrl: { Value: publicBaseUrl } });
}, 60_000);
