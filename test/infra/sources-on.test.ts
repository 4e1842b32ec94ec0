import { beforeAll, describe, expect, it } from '@jest/globals';
import { sources } from '../../functions/hooks/sources.ts';
import { sourcesOn } from '../../infra/sources-on.ts';
import { permissionsOf, synthesized, type SynthesizedStage } from './synthesized.ts';

const all = Object.keys(sources);

describe('the sources of a stage', () => {
  it.each<[string, Parameters<typeof sourcesOn>[0], string[]]>([
    ['all that there are', {}, all],
    ['those that are not off', { sources: { off: ['events', 'github-issues'] } }, all.slice(2)],
    [
      'those alone that it names, in their order',
      { sources: { only: ['github-issues', 'events'] } },
      all.slice(0, 2),
    ],
    ['none', { sources: { only: [] } }, []],
  ])('are %s', (_, settings, expected) => {
    expect(sourcesOn(settings)).toEqual(expected);
  });
});

describe('a source that is off', () => {
  let stage: SynthesizedStage;
  beforeAll(() => {
    stage = synthesized('prod', { sources: { off: ['stripe-disputes'] } });
  }, 60_000);

  it('has no secret, no output and no environment', () => {
    for (const template of [stage.stateful, stage.api]) {
      const text = JSON.stringify(template.toJSON());
      expect(text).not.toMatch(/stripe-?disputes/i);
      expect(text).toMatch(/typeform-?responses/i);
    }
  });

  it('takes nothing from those that are on: each has its secret, which receive-hook may read', () => {
    const read = permissionsOf(stage)['ReceiveHookRole']!.filter(
      ([action]) => action === 'secretsmanager:GetSecretValue',
    );
    expect(read).toHaveLength(all.length - 1);
  });
});

it('a stage may have all sources off', () => {
  const { stateful, api } = synthesized('dev', { sources: { only: [] } });
  stateful.resourceCountIs('AWS::SecretsManager::Secret', 0);
  api.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: { HOOK_SECRETS: '{}' } },
  });
}, 60_000);
