// jest as `npm test` runs it, in the copy of the sources that is mutated.
import path from 'node:path'
import usual from '../../jest.config.js'

export default {
  ...usual,
  rootDir: path.resolve(import.meta.dirname, '..', '..'),
  roots: ['<rootDir>/server', '<rootDir>/shared'],
  testEnvironment: '<rootDir>/scripts/mutants/environment.mjs',
  testSequencer: '<rootDir>/scripts/mutants/sequencer.mjs',
  cacheDirectory: '<rootDir>/.jest-cache',
  reporters: [],
}
