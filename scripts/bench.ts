import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { OptionsRefused, readOptions } from './bench/options.rules.ts'
import { run } from './bench/run.ts'
import { printTable, putTable } from './bench/table.rules.ts'
import { root, say } from './checkout/environment.ts'

/** npm run bench: every measure with its baselines in the same run (docs/performance.md). */
try {
  const options = readOptions(process.argv.slice(2))
  const report = await run(options)
  const table = printTable(report.judged, report.machine)
  say(options.json ? JSON.stringify(report, null, 2) : `\n${table}`)
  if (options.write) {
    const file = path.join(root, 'docs', 'performance.md')
    writeFileSync(file, putTable(readFileSync(file, 'utf8'), table))
  }
  process.exit(0)
} catch (error) {
  if (!(error instanceof OptionsRefused)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exit(2)
}
