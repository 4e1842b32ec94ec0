/**
 * Stands in for the SDK's default credential chain when functions are bundled (infra/constructs/intake-function.ts):
 * Lambda gives credentials in the environment, and the rest of the chain only costs cold start.
 */
export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';
