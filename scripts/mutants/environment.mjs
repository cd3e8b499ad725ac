// The jest environment of the mutation run. It writes down which functions each test reaches (MUTANTS_REACHED), or runs
// only the tests of a plan and ends at the first one that fails (MUTANTS_PLAN).
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { TestEnvironment } from 'jest-environment-node'

const {
  MUTANTS_REACHED: reachedFile,
  MUTANTS_PLAN: planFile,
  MUTANTS_KILLER: killerFile,
} = process.env

export default class MutantEnvironment extends TestEnvironment {
  #file
  #planned
  #reached = new Set()
  #opening

  constructor(config, context) {
    super(config, context)
    this.#file = path
      .relative(config.projectConfig.rootDir, context.testPath)
      .replaceAll(path.sep, '/')
    this.#planned = planFile && new Set(JSON.parse(readFileSync(planFile, 'utf8'))[this.#file])
    if (reachedFile) this.global.__mutantProbe = (name) => this.#reached.add(name)
  }

  handleTestEvent(event) {
    if (reachedFile) this.#record(event)
    else this.#judge(event)
  }

  /** What runs before the first test runs for all of them. */
  #record({ name, test }) {
    if (name === 'test_start') {
      this.#opening ??= [...this.#reached]
      this.#reached.clear()
    }
    if (name !== 'test_done') return
    const entry = {
      file: this.#file,
      test: nameOf(test),
      ms: test.duration ?? 0,
      failed: test.errors.length > 0,
      reached: [...this.#reached],
      opening: this.#opening,
    }
    appendFileSync(reachedFile, `${JSON.stringify(entry)}\n`)
  }

  #judge({ name, test }) {
    if (name === 'test_start' && !this.#planned.has(nameOf(test))) test.mode = 'skip'
    // Nothing of this process is worth a tidy end: its databases are dropped by the next one, or with the run.
    if (name !== 'test_done' || test.errors.length === 0) return
    writeFileSync(killerFile, `${this.#file}: ${nameOf(test)}`)
    process.kill(process.pid, 'SIGKILL')
  }
}

function nameOf(test) {
  const names = []
  for (let at = test; at?.parent; at = at.parent) names.unshift(at.name)
  return names.join(' > ')
}
