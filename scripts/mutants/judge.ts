import { readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Copy } from './copies.ts'
import { applyMutant, type Mutant } from './make.ts'
import { probesAt } from './probes.ts'
import { planTests, type Plan, type Reach } from './reach.ts'

export type Verdict = { kind: 'killed'; by: string } | { kind: 'survived'; tests: number }

/** Of the time that all tests took together: most mutants meet their killer in a first look, and a survivor gets a second one. */
const LOOKS = [0.07, 0.3] as const

/** Runs the tests that reach a mutant against it, those first that have most to do with it, until one fails. */
export async function judge(copy: Copy, mutant: Mutant, reach: Reach): Promise<Verdict> {
  const wholeMs = reach.reduce((sum, { ms }) => sum + ms, 0)
  const first = await look(copy, mutant, { reach, budgetMs: LOOKS[0] * wholeMs })
  if (first.kind === 'killed') return first
  return look(copy, mutant, { reach, budgetMs: LOOKS[1] * wholeMs })
}

type Look = { reach: Reach; budgetMs: number }

async function look(copy: Copy, mutant: Mutant, { reach, budgetMs }: Look): Promise<Verdict> {
  const text = await copy.read(mutant.file)
  const plan = planTests(
    reach,
    { file: mutant.file, ...probesAt(mutant.file, text, mutant.start) },
    budgetMs,
  )
  const tests = Object.values(plan.tests).flat().length
  if (tests === 0) return { kind: 'survived', tests }
  await copy.write(mutant.file, applyMutant(text, mutant))
  try {
    return await run(copy, plan)
  } finally {
    await copy.write(mutant.file, text)
  }
}

/** @throws when jest ended without a word: then nothing is known of the mutant. */
async function run(copy: Copy, plan: Plan): Promise<Verdict> {
  const planFile = path.join(copy.dir, 'plan.json')
  const killer = path.join(copy.dir, 'killer.txt')
  const result = path.join(copy.dir, 'result.json')
  await Promise.all([killer, result].map((file) => rm(file, { force: true })))
  await writeFile(planFile, JSON.stringify(plan.tests))
  const env = { MUTANTS_PLAN: planFile, MUTANTS_KILLER: killer }
  const end = await copy.jest(Object.keys(plan.tests), {
    env,
    result,
    workers: 1,
    limitMs: 30_000 + 4 * plan.ms,
  })
  const by = await readFile(killer, 'utf8').catch(() => null)
  if (by !== null) return { kind: 'killed', by }
  if (end.late) return { kind: 'killed', by: 'it hangs' }
  if (end.code === 0) return { kind: 'survived', tests: Object.values(plan.tests).flat().length }
  if ((await readFile(result, 'utf8').catch(() => null)) === null)
    throw new Error('jest ended without a result')
  return { kind: 'killed', by: 'a test file that fails as a whole' }
}
