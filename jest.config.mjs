import { availableParallelism } from 'node:os';

/** TypeScript as it stands, as ECMAScript modules; `.ts` in imports is what Node's own type stripping wants too. */
export default {
  rootDir: import.meta.dirname,
  testMatch: ['<rootDir>/tests/**/*.test.ts'],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': ['<rootDir>/tests/support/transform.mjs', { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'es6' } }],
  },
  moduleNameMapper: {
    '^nightshift$': '<rootDir>/src/index.ts',
    '^nightshift/testing$': '<rootDir>/src/testing.ts',
  },
  modulePathIgnorePatterns: ['<rootDir>/.cache/', '<rootDir>/data/', '<rootDir>/models/', '<rootDir>/logs/'],
  // Worker threads and the program itself run from a bundle; it is made once, before the tests.
  globalSetup: '<rootDir>/tests/support/bundle.mjs',
  globalTeardown: '<rootDir>/tests/support/clean.mjs',
  testTimeout: 240_000,
  // One more than there are cores: most of the time is spent in jobs' own processes, one after another.
  maxWorkers: availableParallelism() + 1,
};
