import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import path from 'node:path'
import { addProbes } from './probes.ts'
import { findFiles, findSuite, judges, listSources } from './places.ts'
import type { Copy } from './copies.ts'

/** What a test reached: functions by the name of their probe, `opening` those that ran before the first test of its file. */
type Entry = {
  file: string
  test: string
  ms: number
  failed: boolean
  reached: string[]
  opening: string[]
}
export type Reach = readonly Entry[]

/** Learns which test reaches which function, from one run of the suite; kept until a source changes. */
export async function learnReach(
  root: string,
  copy: Copy,
  say: (line: string) => void,
): Promise<Reach> {
  const kept = path.join(root, '.data', 'mutants', `reach-${await hashSources(root)}.json`)
  const known = await readFile(kept, 'utf8').catch(() => null)
  if (known !== null) return JSON.parse(known) as Reach
  say('learning which test reaches what: one run of the tests ...')
  // Not from the working tree: somebody may be working there.
  const originals = new Map<string, string>()
  for (const file of findFiles(root).keys()) originals.set(file, await copy.read(file))
  for (const [file, text] of originals) await copy.write(file, addProbes(file, text))
  const first = await runSuite(copy, findSuite(root))
  // On a busy machine a test may run out of time: it is given a second chance alone.
  const again = new Set(first.filter(({ failed }) => failed).map(({ file }) => file))
  const second = again.size === 0 ? [] : await runSuite(copy, [...again])
  for (const [file, text] of originals) await copy.write(file, text)
  const reach = [...first.filter(({ file }) => !again.has(file)), ...second].filter(({ test }) =>
    judges(test),
  )
  const red = reach.filter(({ failed }) => failed).map(({ file, test }) => `${file}: ${test}`)
  if (red.length > 0) throw new Error(`the tests must be green first:\n${red.join('\n')}`)
  await rm(path.dirname(kept), { recursive: true, force: true })
  await mkdir(path.dirname(kept), { recursive: true })
  await writeFile(kept, JSON.stringify(reach))
  return reach
}

/** @throws when a test file tells nothing of itself, because it does not load. */
async function runSuite(copy: Copy, files: readonly string[]): Promise<Reach> {
  const reached = path.join(copy.dir, 'reached.jsonl')
  await rm(reached, { force: true })
  await copy.jest(files, {
    env: { MUTANTS_REACHED: reached },
    result: path.join(copy.dir, 'result.json'),
    workers: 2,
    // Against a hang: a quiet machine takes ten minutes, a busy one several times that.
    limitMs: 90 * 60_000,
  })
  const entries = (await readFile(reached, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Entry)
  const silent = files.filter((name) => !entries.some(({ file }) => file === name))
  if (silent.length > 0) throw new Error(`these test files do not run: ${silent.join(', ')}`)
  return entries
}

async function hashSources(root: string): Promise<string> {
  const hash = createHash('sha256')
  for (const file of listSources(root))
    hash.update(file).update(await readFile(path.join(root, file)))
  return hash.digest('hex').slice(0, 16)
}

export type Plan = { tests: Record<string, string[]>; ms: number }

/**
 * The tests that reach a change, the file first that has most to do with the changed one, until `budgetMs` is spent.
 * What a test reaches only before it begins says little: that is how every house is built.
 */
export function planTests(
  reach: Reach,
  { file, own, related }: { file: string; own: string | null; related: readonly string[] },
  budgetMs: number,
): Plan {
  const wanted = new Set([...(own === null ? [] : [own]), ...related])
  const during = reach.filter(({ reached }) => reached.some((name) => wanted.has(name)))
  const found =
    during.length > 0
      ? during
      : reach.filter(({ opening }) => opening.some((name) => wanted.has(name)))
  const files = [...new Set(found.map((entry) => entry.file))].map((name) => {
    const entries = found.filter((entry) => entry.file === name)
    return { name, entries, weight: relevance(entries, file) }
  })
  const plan: Plan = { tests: {}, ms: 0 }
  for (const { name, entries } of files.sort((a, b) => b.weight - a.weight)) {
    if (plan.ms > budgetMs) break
    plan.tests[name] = entries.map(({ test }) => test)
    plan.ms += BOOT_MS + entries.reduce((sum, { ms }) => sum + ms, 0)
  }
  return plan
}

/** What a test file takes before its first test. */
const BOOT_MS = 1_500

/** The share of the changed file in what the tests reach: 1 for the tests of rules. */
function relevance(entries: Reach, file: string): number {
  const reached = new Set(entries.flatMap((entry) => entry.reached))
  return (
    [...reached].filter((name) => name.startsWith(`${file}#`)).length / Math.max(1, reached.size)
  )
}
