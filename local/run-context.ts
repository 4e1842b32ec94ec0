import { StartFailure } from './start-failure.ts';

/** What is chosen of the CDK app for a run: its context values. */
export interface RunContext {
  readonly stage: string;
  /** Relays the stage's conversations there, without a slash at the end. */
  readonly kustomerBaseUrl?: string;
}

/**
 * Reads INTAKE_STAGE (default `dev`) and KUSTOMER_BASE_URL.
 *
 * @throws StartFailure for a base URL that is none, and for a key without one
 */
export function runContext(environment: Readonly<Record<string, string | undefined>>): RunContext {
  const stage = environment['INTAKE_STAGE'] || 'dev';
  const baseUrl = environment['KUSTOMER_BASE_URL'];
  if (!baseUrl) {
    if (!environment['KUSTOMER_API_KEY']) return { stage };
    throw new StartFailure(
      'KUSTOMER_API_KEY is set, but KUSTOMER_BASE_URL is not. Set both to relay, or none.',
    );
  }
  if (!URL.canParse(baseUrl) || !/^https?:\/\/[^?#]+$/.test(baseUrl)) {
    throw new StartFailure(
      `KUSTOMER_BASE_URL=${baseUrl} is not a base URL. Give https://<organisation>.api.kustomerapp.com`,
    );
  }
  return { stage, kustomerBaseUrl: baseUrl.replace(/\/+$/, '') };
}
