// `npm run test:mutants`: breaks the code in many small ways, one at a time, and sees whether a test notices.
import path from 'node:path'
import { chooseMutants, findMutants, type Placed } from './mutants/choose.ts'
import { openWorkshop } from './mutants/copies.ts'
import { judge, type Verdict } from './mutants/judge.ts'
import { describeMutant } from './mutants/make.ts'
import { DEFAULT_SEED, readOptions, type Options } from './mutants/options.ts'
import { learnReach } from './mutants/reach.ts'

const root = path.resolve(import.meta.dirname, '..')
const AT_ONCE = 2
const say = (line: string): void => void process.stderr.write(`${line}\n`)
/** Of a hundred: what a seed that was looked at must reach, and what any other. */
const boundOf = (seed: number): number => (seed === DEFAULT_SEED ? 90 : 85)

const describe = ({ file, line, ...mutant }: Placed): string =>
  `${file}:${String(line)}  ${describeMutant(mutant)}`

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2))
  if (options.list) return list(options)
  const { drawn, equal } = chooseMutants(root, options)
  const workshop = await openWorkshop(root, AT_ONCE)
  const leave = (): void => void workshop.close().finally(() => process.exit(130))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, leave)
  try {
    const reach = await learnReach(root, workshop.copies[0]!, say)
    const survivors: Placed[] = []
    const waiting = [...drawn]
    await Promise.all(
      workshop.copies.map(async (copy) => {
        for (let mutant = waiting.shift(); mutant; mutant = waiting.shift()) {
          const verdict = await judge(copy, mutant, reach)
          if (verdict.kind === 'survived') survivors.push(mutant)
          tell(mutant, verdict, drawn.length - waiting.length)
        }
      }),
    )
    report(options, { drawn, equal, survivors })
  } finally {
    await workshop.close()
  }
}

function list(options: Options): void {
  const mutants = options.all ? findMutants(root) : chooseMutants(root, options).drawn
  for (const mutant of mutants) console.log(`${mutant.place.padEnd(12)} ${describe(mutant)}`)
}

function tell(mutant: Placed, verdict: Verdict, at: number): void {
  const how =
    verdict.kind === 'killed'
      ? `killed by ${verdict.by}`
      : `SURVIVED ${String(verdict.tests)} tests`
  say(`${String(at).padStart(4)} ${describe(mutant)}\n     ${how}`)
}

type Outcome = ReturnType<typeof chooseMutants> & { survivors: Placed[] }

function report({ seed }: Options, { drawn, equal, survivors }: Outcome): void {
  for (const mutant of equal)
    console.log(`equal     ${describe(mutant)}\n          ${mutant.reason}`)
  for (const mutant of survivors)
    console.log(`survived  ${describe(mutant)}\n          ${mutant.id}`)
  for (const place of new Set(drawn.map((mutant) => mutant.place))) {
    const [there, left] = [drawn, survivors].map(
      (mutants) => mutants.filter((mutant) => mutant.place === place).length,
    ) as [number, number]
    console.log(`${place.padEnd(12)} ${String(there - left).padStart(3)} of ${String(there)}`)
  }
  const killed = drawn.length - survivors.length
  console.log(`killed ${String(killed)} of ${String(drawn.length)}`)
  if (killed * 100 < boundOf(seed) * drawn.length) process.exitCode = 1
}

await main()
