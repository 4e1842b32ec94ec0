import { availableParallelism } from 'node:os';
import { join } from 'node:path';

// Node keeps what it compiled for the commands and threads that tests start, and for the next run.
process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, 'node_modules', '.cache', 'compiled');
// What the template gives each function: handlers that tests import read it.
Object.assign(process.env, { STAGE: 'test', FUNCTION: 'function' });

/** @type {import('jest').Config} */
const common = {
  testEnvironment: 'node',
  // Nothing is measured by it: a machine with other work on it is slower.
  testTimeout: 20_000,
  roots: ['<rootDir>/test'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' } },
    ],
  },
};

/** Tests that ask one local system over HTTP; it starts only for them. */
const overHttp = ['/test/contract/', '/test/journeys/', '/test/bad-input/', '/test/fuzz/'];

/** @type {import('jest').Config} */
export default {
  // Much of a test is waiting for a server or a timeout: others run meanwhile.
  maxWorkers: Math.ceil(1.5 * availableParallelism()),
  projects: [
    {
      ...common,
      displayName: 'parts',
      testMatch: ['**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', ...overHttp],
    },
    {
      ...common,
      displayName: 'contract',
      testMatch: overHttp.map((folder) => `<rootDir>${folder}**/*.test.ts`),
      globalSetup: '<rootDir>/test/global-setup.ts',
      globalTeardown: '<rootDir>/test/global-teardown.ts',
    },
  ],
};
