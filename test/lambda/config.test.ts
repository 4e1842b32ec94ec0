import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readConfig } from '../../functions/lambda/config.ts';

const good: Record<string, string> = {
  CONVERSATIONS_TABLE: 'conversations',
  API_KEYS_TABLE: 'api-keys',
  DRAFTS_QUEUE_URL: 'http://localhost/drafts',
  DEAD_LETTERS_URL: 'http://localhost/dead-letters',
  HOOK_SECRETS: '{"github-issues":"arn:1"}',
  ORGANISATION_ID: '57f29863a1dbf61100e6aa92',
  ORGANISATION_USER_ID: '58190b991f2932100010d683',
};
const names = [
  'CONVERSATIONS_TABLE',
  'API_KEYS_TABLE',
  'DRAFTS_QUEUE_URL',
  'DEAD_LETTERS_URL',
  'HOOK_SECRETS',
  'ORGANISATION_ID',
  'ORGANISATION_USER_ID',
] as const;

describe('the settings of a function', () => {
  const before = { ...process.env };
  beforeEach(() => void Object.assign(process.env, good));
  afterEach(() => {
    for (const name of [...names, 'KUSTOMER_BASE_URL', 'KUSTOMER_RESERVED_SHARE']) delete process.env[name];
    Object.assign(process.env, before);
  });

  it('are read by name, and parsed', () => {
    expect(readConfig(...names)).toEqual({ ...good, HOOK_SECRETS: { 'github-issues': 'arn:1' } });
    expect(readConfig('API_KEYS_TABLE')).toEqual({ API_KEYS_TABLE: 'api-keys' });
  });

  it('are refused with every fault at once, by name, without their values', () => {
    delete process.env['CONVERSATIONS_TABLE'];
    process.env['API_KEYS_TABLE'] = '';
    process.env['HOOK_SECRETS'] = '{not json';
    process.env['ORGANISATION_ID'] = 'MY-SECRET-ORG';
    expect(() => readConfig(...names)).toThrow(
      "The function's environment is not right: CONVERSATIONS_TABLE: missing, API_KEYS_TABLE: malformed, " +
        'HOOK_SECRETS: malformed, ORGANISATION_ID: malformed',
    );
    expect(() => readConfig('ORGANISATION_ID')).not.toThrow('MY-SECRET');
  });

  it('that a function does not ask for do not matter', () => {
    delete process.env['DRAFTS_QUEUE_URL'];
    expect(readConfig('API_KEYS_TABLE')).toEqual({ API_KEYS_TABLE: 'api-keys' });
  });

  it.each([
    ['HOOK_SECRETS', ''],
    ['HOOK_SECRETS', '[]'],
    ['HOOK_SECRETS', 'null'],
    ['HOOK_SECRETS', '"arn:1"'],
    ['HOOK_SECRETS', '{"github-issues":""}'],
    ['HOOK_SECRETS', '{"github-issues":5}'],
    ['HOOK_SECRETS', '{"":"arn:1"}'],
    ['ORGANISATION_ID', '57F29863A1DBF61100E6AA92'],
    ['ORGANISATION_ID', '57f29863a1dbf61100e6aa9'],
    ['ORGANISATION_USER_ID', ' 58190b991f2932100010d683'],
    ['DRAFTS_QUEUE_URL', ''],
  ] as const)('are refused when %s is %j', (name, value) => {
    process.env[name] = value;
    expect(() => readConfig(name)).toThrow(`${name}: malformed`);
  });

  it.each([
    ['https://acme.api.kustomerapp.com', '0'],
    ['http://127.0.0.1:3000', '0.2'],
    ['https://example.com/kustomer', '0.99'],
  ])('may name a destination: %s, of whose requests %s is left to others', (baseUrl, share) => {
    process.env['KUSTOMER_BASE_URL'] = baseUrl;
    process.env['KUSTOMER_RESERVED_SHARE'] = share;
    expect(readConfig('KUSTOMER_BASE_URL', 'KUSTOMER_RESERVED_SHARE')).toEqual({
      KUSTOMER_BASE_URL: baseUrl,
      KUSTOMER_RESERVED_SHARE: Number(share),
    });
  });

  it('need not name a destination', () => {
    expect(readConfig('KUSTOMER_BASE_URL').KUSTOMER_BASE_URL).toBeUndefined();
  });

  it.each([
    ['KUSTOMER_BASE_URL', ''],
    ['KUSTOMER_BASE_URL', 'acme.api.kustomerapp.com'],
    ['KUSTOMER_BASE_URL', 'https://acme.api.kustomerapp.com/'],
    ['KUSTOMER_BASE_URL', 'https://acme.api.kustomerapp.com/v1/'],
    ['KUSTOMER_BASE_URL', 'https://acme.api.kustomerapp.com?x=1'],
    ['KUSTOMER_RESERVED_SHARE', ''],
    ['KUSTOMER_RESERVED_SHARE', '1'],
    ['KUSTOMER_RESERVED_SHARE', '-0.1'],
    ['KUSTOMER_RESERVED_SHARE', 'a fifth'],
  ] as const)('are refused when %s is %j', (name, value) => {
    process.env[name] = value;
    expect(() => readConfig(name)).toThrow(`${name}: malformed`);
  });

  it('may name no secret at all', () => {
    process.env['HOOK_SECRETS'] = '{}';
    expect(readConfig('HOOK_SECRETS')).toEqual({ HOOK_SECRETS: {} });
  });
});
