/**
 * How many of what a test draws or repeats: a taste in every `npm test`, all of them in `npm run test:long`, which runs the
 * test files that ask here, before a release.
 */
export const howMany = (usual: number, long: number): number =>
  process.env['TEST_LONG'] === '1' ? long : usual
