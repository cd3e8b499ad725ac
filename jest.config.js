/**
 * One run for everything: `npm test`, or `npm test -- shared/phone` for a part of it. Node needs --experimental-vm-modules,
 * which scripts/bootstrap.mjs passes. The global setup costs 0.2 s when the template database of the last run still fits,
 * so tests without a database are no project of their own.
 */
import os from 'node:os'

const swc = {
  jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
  module: { type: 'nodenext' },
  sourceMaps: 'inline',
}

export default {
  testEnvironment: 'node',
  roots: ['server', 'shared', 'scripts', 'miniprogram'].map((folder) => `<rootDir>/${folder}`),
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', swc] },
  globalSetup: '<rootDir>/server/test/global-setup.ts',
  globalTeardown: '<rootDir>/server/test/global-teardown.ts',
  testSequencer: '<rootDir>/server/test/longest-first.mjs',
  testTimeout: 30_000,
  // Stories wait for a third of their time: with one worker a processor, a third of each would be idle.
  maxWorkers: os.availableParallelism() + 1,
  workerIdleMemoryLimit: '1GB', // native ESM modules of finished files are not given back
}
