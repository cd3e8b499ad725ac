import { readdirSync } from 'node:fs'
import path from 'node:path'

/** A part of the code that must be held by tests; a file belongs to the first place whose pattern fits its path. */
type Place = { name: string; files: RegExp }

const rooms = (...names: string[]): RegExp => new RegExp(`^server/features/(${names.join('|')})/`)

/** Rooms that are not there yet match nothing. */
export const PLACES: readonly Place[] = [
  { name: 'rules', files: /^server\/features\/.*\.rules\.ts$|^shared\/[^/]+\.ts$/ },
  { name: 'customers', files: rooms('customers', 'evidence', 'ties', 'ownership', 'questions') },
  { name: 'binding', files: rooms('binding', 'bind-codes', 'phone-claims') },
  { name: 'kf', files: rooms('kf') },
  { name: 'accounts', files: rooms('accounts', 'sessions') },
  { name: 'projects', files: rooms('projects') },
  { name: 'advisors', files: rooms('advisors', 'leads', 'bookings') },
  { name: 'callbacks', files: rooms('callbacks') },
  { name: 'contacts', files: rooms('contacts') },
  { name: 'notices', files: rooms('notices') },
  { name: 'media', files: rooms('media') },
  { name: 'http/callers', files: /^server\/http\/callers\.ts$/ },
]

/** Texts are for readers, and a file of types has nothing to run. */
const NOT_MUTATED = /\.(test|texts|deps)\.ts$/

/** The tests that judge mutants. */
const SUITE = /^(server\/(features|http|stories)|shared)\/.*\.test\.ts$/

/** These start processes of their own, which a mutant does not reach in time, wait long, or need a browser. */
const NOT_JUDGING =
  /\/(chaos|crash|cron-slots|imports-killed|media-killed|notices-killed|orders|ownership\.property|pages-over-https|second-platform|staff-advisor-page|staff-page|storm|two-processes|worlds)\.test\.ts$/

/** Tests of the suite that look at how fast something goes, or simulate a year. */
const NOT_JUDGING_TESTS = ['general limits > ', 'a year of guessing ']

/** Whether a test of the suite judges mutants. */
export const judges = (test: string): boolean =>
  !NOT_JUDGING_TESTS.some((name) => test.startsWith(name))

/** The files to mutate, sorted, with the place of each. */
export function findFiles(root: string): Map<string, string> {
  const placeOf = new Map<string, string>()
  for (const file of listSources(root)) {
    const place = NOT_MUTATED.test(file) ? undefined : PLACES.find(({ files }) => files.test(file))
    if (place) placeOf.set(file, place.name)
  }
  return placeOf
}

/** The test files that judge, sorted. */
export const findSuite = (root: string): string[] =>
  listSources(root).filter((file) => SUITE.test(file) && !NOT_JUDGING.test(file))

/** All TypeScript of the server and of what it shares, as paths with slashes. */
export function listSources(root: string): string[] {
  return ['server', 'shared']
    .flatMap((folder) =>
      readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts') && !name.includes('node_modules'))
        .map((name) => `${folder}/${name.replaceAll(path.sep, '/')}`),
    )
    .sort()
}
