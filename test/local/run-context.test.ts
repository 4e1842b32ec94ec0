import { describe, expect, it } from '@jest/globals';
import { runContext } from '../../local/run-context.ts';
import { StartFailure } from '../../local/start-failure.ts';

describe('what is chosen for a local run', () => {
  it.each([
    [{}, { stage: 'dev' }],
    [{ INTAKE_STAGE: 'prod', KUSTOMER_BASE_URL: '' }, { stage: 'prod' }],
    [
      { KUSTOMER_BASE_URL: 'https://acme.api.kustomerapp.com/' },
      { stage: 'dev', kustomerBaseUrl: 'https://acme.api.kustomerapp.com' },
    ],
    [
      { KUSTOMER_BASE_URL: 'http://127.0.0.1:3000', KUSTOMER_API_KEY: 'key' },
      { stage: 'dev', kustomerBaseUrl: 'http://127.0.0.1:3000' },
    ],
  ])('is read from %j', (environment, context) => {
    expect(runContext(environment)).toEqual(context);
  });

  it.each(['acme.api.kustomerapp.com', 'ftp://acme.example.com', 'https://a.example.com?b', 'https://'])(
    'is no relay to %s: the run does not start, and says what to give',
    (baseUrl) => {
      expect(() => runContext({ KUSTOMER_BASE_URL: baseUrl })).toThrow(StartFailure);
      expect(() => runContext({ KUSTOMER_BASE_URL: baseUrl })).toThrow('https://<organisation>.api');
    },
  );

  it('is no relay without a base URL: a key alone is refused, and not told', () => {
    expect(() => runContext({ KUSTOMER_API_KEY: 'topsecret' })).toThrow('KUSTOMER_BASE_URL is not');
    expect(() => runContext({ KUSTOMER_API_KEY: 'topsecret' })).not.toThrow('topsecret');
  });
});
