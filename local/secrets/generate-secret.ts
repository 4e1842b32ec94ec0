import { randomInt } from 'node:crypto';

/** `GenerateSecretString` of an AWS::SecretsManager::Secret. */
export interface GenerateSecretString {
  PasswordLength?: number;
  ExcludeCharacters?: string;
  ExcludeLowercase?: boolean;
  ExcludeUppercase?: boolean;
  ExcludeNumbers?: boolean;
  ExcludePunctuation?: boolean;
  IncludeSpace?: boolean;
  RequireEachIncludedType?: boolean;
  SecretStringTemplate?: string;
  GenerateStringKey?: string;
}

const DEFAULT_LENGTH = 32;

/**
 * A random secret as Secrets Manager would generate it.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-secretsmanager-secret-generatesecretstring.html
 *
 * @returns the password, or the template's JSON object with the password under GenerateStringKey
 */
export function generateSecret(options: GenerateSecretString): string {
  const password = generatePassword(options);
  if (options.SecretStringTemplate === undefined || options.GenerateStringKey === undefined) return password;
  const object = JSON.parse(options.SecretStringTemplate) as Record<string, unknown>;
  return JSON.stringify({ ...object, [options.GenerateStringKey]: password });
}

function generatePassword(options: GenerateSecretString): string {
  const types = characterTypes(options);
  const all = types.join('');
  const characters = Array.from({ length: options.PasswordLength ?? DEFAULT_LENGTH }, () => pick(all));
  if (options.RequireEachIncludedType !== false) {
    // A place of its own for each type; the places are drawn, so that none of them tells the type.
    const places = characters.map((_, place) => place);
    for (const type of types) {
      const [place = 0] = places.splice(randomInt(places.length), 1);
      characters[place] = pick(type);
    }
  }
  return characters.join('');
}

function characterTypes(options: GenerateSecretString): string[] {
  const types = [
    options.ExcludeLowercase ? '' : 'abcdefghijklmnopqrstuvwxyz',
    options.ExcludeUppercase ? '' : 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
    options.ExcludeNumbers ? '' : '0123456789',
    options.ExcludePunctuation ? '' : '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
    options.IncludeSpace ? ' ' : '',
  ];
  const excluded = options.ExcludeCharacters ?? '';
  return types
    .map((type) => [...type].filter((character) => !excluded.includes(character)).join(''))
    .filter((type) => type !== '');
}

function pick(characters: string): string {
  return characters.charAt(randomInt(characters.length));
}
