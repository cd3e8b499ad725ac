import { QUICK, THOROUGH, type Bench, type Effort, type Row } from './bench.ts'
import {
  isGrowthRow,
  judge,
  judgeGap,
  judgeGrowth,
  linesOf,
  type Gap,
  type Judged,
  type Measure,
  type RowName,
} from './goals.rules.ts'
import { describeMachine, readLoad } from './machine.ts'
import { toSizeName, type Options, type Size } from './options.rules.ts'
import { openPlatform } from './platform.ts'
import { measureCallbacks, measureReceiving } from './rows/callbacks.ts'
import { measureChat } from './rows/chat.ts'
import { measureCode } from './rows/code.ts'
import { measureDecision } from './rows/decision.ts'
import { measureExpiry } from './rows/expiry.ts'
import { measureOffered } from './rows/offered.ts'
import { measureProcesses } from './rows/processes.ts'
import { measureReads } from './rows/reads.ts'
import { measureStart } from './rows/start.ts'
import { tell } from './tell.ts'
import { openWorld } from './world.ts'

const MEASURES: Record<RowName, Row> = {
  callbacks: measureCallbacks,
  receiving: measureReceiving,
  offered: measureOffered,
  reads: measureReads,
  chat: measureChat,
  code: measureCode,
  decision: measureDecision,
  expiry: measureExpiry,
  start: measureStart,
  processes: measureProcesses,
}

type Found = { measures: Measure[]; gaps: Gap[] }
export type Report = { machine: string[]; judged: Judged[] }

/** Measures what was asked for, size after size. */
export async function run(options: Options): Promise<Report> {
  const found: Found = { measures: [], gaps: leftOut(options) }
  const load = readLoad()
  let machine: string[] = []
  for (const size of options.sizes) machine = await runSize(size, { options, found, load })
  const judged = [
    ...found.measures.map(judge),
    ...found.gaps.map(judgeGap),
    ...judgeGrowth(found.measures, options.only),
  ]
  return { machine: [...describeEffort(options), ...machine], judged }
}

async function runSize(
  size: Size,
  { options, found, load }: { options: Options; found: Found; load: number },
): Promise<string[]> {
  const effort = options.quick ? QUICK : THOROUGH
  const world = await openWorld(size)
  const leave = (): void => void world.close().finally(() => process.exit(130))
  process.once('SIGINT', leave).once('SIGTERM', leave)
  try {
    for (const row of rowsOf(options)) {
      const began = performance.now()
      await runRow(row, { bench: { world, effort }, found })
      const seconds = ((performance.now() - began) / 1_000).toFixed(0)
      tell(`${toSizeName(size).padEnd(5)}${row.padEnd(11)}${seconds} s`)
    }
    return await describeMachine(world.url, load)
  } finally {
    process.off('SIGINT', leave).off('SIGTERM', leave)
    await world.close()
  }
}

type Running = { bench: Omit<Bench, 'platform'>; found: Found }

/** What cannot be measured is a gap in the table, not the end of the run. */
async function runRow(row: RowName, { bench, found }: Running): Promise<void> {
  const platform = await openPlatform() // what was said in the chat of another row is over
  try {
    const measures = await MEASURES[row]({ ...bench, platform })
    found.measures.push(...measures)
    for (const measure of measures) tell(`     ${describe(measure)}`)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    const size = bench.world.customers
    found.gaps.push(...linesOf(row).map((line) => ({ line, size, why, failed: true })))
    tell(error instanceof Error ? (error.stack ?? why) : why)
  } finally {
    platform.close()
  }
}

const rowsOf = ({ only, quick }: Options): RowName[] =>
  only.filter((row) => !(quick && isGrowthRow(row)))

/** What a quick run leaves out of what was asked for stands in the table too, by name. */
const leftOut = (options: Options): Gap[] =>
  options.only
    .filter((row) => !rowsOf(options).includes(row))
    .flatMap(linesOf)
    .map((line) => ({ line, size: null, why: 'left out by --quick', failed: false }))

function describeEffort({ quick }: Options): string[] {
  const { repeats, windowMs }: Effort = quick ? QUICK : THOROUGH
  const times = repeats === 1 ? 'once' : `median of ${repeats} (least to most)`
  return [`${times}, ${windowMs / 1_000} s each${quick ? ', --quick' : ''}`]
}

function describe({ line, values, baselines }: Measure): string {
  const rounded = (all: readonly number[]): string =>
    all.map((value) => value.toPrecision(4)).join(' ')
  return `${line}: ${rounded(values)}${baselines ? ` against ${rounded(baselines)}` : ''}`
}
