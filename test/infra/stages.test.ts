import { describe, expect, it } from '@jest/globals';
import { stages, stageSettings } from '../../infra/stages.ts';

describe('a stage', () => {
  it('has settings by its name', () => {
    expect(stageSettings('prod')).toEqual({ ...stages['prod'], stage: 'prod' });
    expect(stageSettings('prod').keepsData).toBe(true);
    expect(stageSettings('dev').keepsData).toBe(false);
  });

  it.each(['', 'production', 'Prod', 'constructor', '__proto__', 'toString'])(
    'is refused when there is none named "%s", by a sentence that names those there are',
    (name) => {
      expect(() => stageSettings(name)).toThrow(Object.keys(stages).join(', '));
    },
  );

  it('is called by https at a base URL without a slash at its end, where it has one of its own', () => {
    for (const { publicBaseUrl = 'https://hooks.example.com/intake' } of Object.values(stages)) {
      expect(publicBaseUrl).toMatch(/^https:\/\/[^?#]*[^/?#]$/);
    }
  });

  it('writes for an organisation of its own', () => {
    const organisations = Object.values(stages).map(({ organisation }) => organisation.id);
    expect(new Set(organisations).size).toBe(organisations.length);
  });
});
