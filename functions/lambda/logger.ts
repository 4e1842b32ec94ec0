import { Logger } from '@aws-lambda-powertools/logger';
import { readConfig } from './config.ts';
import { masked } from './masked.ts';
import { showSourceLines } from './source-lines.ts';

// Only a bundle is CommonJS and has this name; every handler has the log.
if (typeof __filename === 'string') showSourceLines(__filename);

/**
 * The function's structured log: one JSON line an entry, on standard output, from where Lambda takes it to
 * CloudWatch. Level and service name come from the template (POWERTOOLS_LOG_LEVEL, POWERTOOLS_SERVICE_NAME); each line has
 * the function's name and the trace of its invocation. Never pass it a header, a body or a key.
 */
export const logger = new Logger({
  persistentKeys: { function: readConfig('FUNCTION').FUNCTION },
  jsonReplacerFn: masked,
});
