import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseSecrets } from '../../functions/hooks/hook-secrets.ts';
import { keyOf } from '../../functions/hooks/keys.ts';
import type { Scheme, SignatureScheme } from '../../functions/hooks/scheme.ts';
import type { SigningSecret } from '../../functions/hooks/sign.ts';
import { UsageError } from '../run-command.ts';
import { openSecrets } from '../secrets/open-secrets.ts';
import { secretFault, secretShape } from '../secrets/secret-fault.ts';

/**
 * What to sign with: `--secret`, a text or `@file` of a text or of a private key in PEM; else the newest secret that the source has in the
 * local system, or in the stage. Throws UsageError when it is none that can sign.
 */
export async function signingSecret(
  source: string,
  scheme: Scheme,
  { secret, stage }: { secret?: string; stage?: string },
): Promise<SigningSecret> {
  if (secret === undefined) return usable(scheme, await keptSecret(source, scheme, stage));
  const text = secret.startsWith('@') ? readText(secret.slice(1)) : secret;
  if (text.startsWith('-----BEGIN')) return privateKey(scheme, text);
  const fault = secretFault(scheme, text);
  if (fault !== undefined) throw new UsageError(fault);
  return usable(scheme, text);
}

/** A public key checks signatures, and makes none. */
function usable(scheme: Scheme, text: string): string {
  const key = keyOf(scheme, text);
  if (key?.kind === 'signature' && isAsymmetric(key.method))
    throw new UsageError(
      'The secret is the public key: sign with the private one, --secret @private-key.pem',
    );
  return text;
}

async function keptSecret(source: string, scheme: Scheme, stage: string | undefined): Promise<string> {
  const secrets = await openSecrets(stage);
  try {
    const arn = secrets.arnOf(source);
    if (arn === undefined)
      throw new UsageError(
        `The source ${source} is not in what runs there yet: ${stage === undefined ? 'stop npm start and start it anew' : `npm run deploy -- --stage ${stage}`}`,
      );
    const [newest] = parseSecrets((await secrets.read(arn))?.value ?? '');
    if (newest !== undefined && keyOf(scheme, newest)) return newest;
    throw new UsageError(
      `The source ${source} has no secret that is usable: npm run secrets -- set ${source}. It must be ${secretShape(scheme)}`,
    );
  } finally {
    secrets.close();
  }
}

function privateKey(scheme: Scheme, pem: string): KeyObject {
  const method = scheme.kind === 'signature' ? scheme.methods.find(isAsymmetric) : undefined;
  if (!method) throw new UsageError('This sender does not sign with a private key');
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (error) {
    throw new UsageError(`The private key cannot be read: ${(error as Error).message}`);
  }
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  const fits =
    method.algorithm === 'ed25519'
      ? type === 'ed25519'
      : type === 'ec' && details?.namedCurve === 'prime256v1';
  if (fits) return key;
  throw new UsageError(
    `The private key must be one of ${method.algorithm === 'ed25519' ? 'Ed25519' : 'P-256'}`,
  );
}

function isAsymmetric({ algorithm }: SignatureScheme['methods'][number]): boolean {
  return algorithm === 'ed25519' || algorithm === 'ecdsa';
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    throw new UsageError(`The secret in ${file} cannot be read: ${(error as Error).message}`);
  }
}
