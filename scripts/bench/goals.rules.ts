import { toRatios, toSpread, type Spread } from './statistics.rules.ts'

/** What is measured, one after the other; the number is for `--only`. */
export const ROWS = {
  callbacks: { number: 1 },
  receiving: { number: 2 },
  offered: { number: 3 },
  reads: { number: 4 },
  chat: { number: 5 },
  code: { number: 6 },
  decision: { number: 7 },
  expiry: { number: 8, growth: true },
  start: { number: 9 },
  processes: { number: 10 },
} as const satisfies Record<string, { number: number; growth?: true }>
export type RowName = keyof typeof ROWS

/** Rows about what grows take minutes: `--quick` leaves them out. */
export const isGrowthRow = (row: RowName): boolean => 'growth' in ROWS[row]

type Goal = { of: 'value' | 'ratio' } & (
  { atLeast: number } | { below: number } | { atMost: number }
)
export type Line = {
  row: RowName
  what: string
  unit: '/s' | 'ms' | 's'
  baseline?: string
  /** The measure is not taken by itself: it is that line at the largest size, with the same at the smallest as baseline. */
  growthOf?: string
  goal: Goal
}

const KEY = '(c) bare Koa + one prepared select by key'
const OWN = '(d) bare Koa + the main statement of ours, prepared'
const read = (what: string, goals: { c: number; d: number }): [string, Line][] => [
  [
    `${what} of d`,
    {
      row: 'reads',
      what: `GET ${what}`,
      unit: '/s',
      baseline: OWN,
      goal: { of: 'ratio', atLeast: goals.d },
    },
  ],
  [
    `${what} of c`,
    {
      row: 'reads',
      what: `GET ${what}`,
      unit: '/s',
      baseline: KEY,
      goal: { of: 'ratio', atLeast: goals.c },
    },
  ],
]
const callbacks = { row: 'callbacks', what: 'durable callbacks, draining on', unit: '/s' } as const
const growth = (growthOf: string, line: Pick<Line, 'row' | 'what' | 'unit'>): Line => ({
  ...line,
  growthOf,
  baseline: 'the same at the smallest size',
  goal: { of: 'ratio', atMost: 1.2 },
})
const code = { row: 'code', what: 'code sent until awaiting or bound, p95', unit: 'ms' } as const
const decision = { row: 'decision', what: 'one decision about a new contact', unit: 'ms' } as const

/** Every goal, in the order of the table. */
export const LINES: Readonly<Record<string, Line>> = {
  'callbacks of a': {
    ...callbacks,
    baseline: '(a) same route without storing',
    goal: { of: 'ratio', atLeast: 0.75 },
  },
  'callbacks of b': {
    ...callbacks,
    baseline: '(b) plain Koa + same crypto + knex transaction',
    goal: { of: 'ratio', atLeast: 2.5 },
  },
  receiving: {
    row: 'receiving',
    what: 'the receiving half, (a)',
    unit: '/s',
    baseline: 'Koa + koa-body echo of the same POST',
    goal: { of: 'ratio', atLeast: 0.5 },
  },
  offered: {
    row: 'offered',
    what: '2,000 callbacks/s offered, p99',
    unit: 'ms',
    goal: { of: 'value', below: 50 },
  },
  ...Object.fromEntries([
    ...read('projects/my', { c: 0.45, d: 0.8 }),
    ...read('project', { c: 0.45, d: 0.8 }),
    ...read('me', { c: 0.6, d: 0.8 }),
    ...read('binding/status', { c: 0.6, d: 0.8 }),
    ...read('can-query', { c: 0.6, d: 0.8 }),
  ]),
  words: {
    row: 'chat',
    what: 'messages of distinct contacts until handled: words',
    unit: '/s',
    goal: { of: 'value', atLeast: 3_000 },
  },
  codes: {
    row: 'chat',
    what: 'messages of distinct contacts until handled: codes',
    unit: '/s',
    goal: { of: 'value', atLeast: 500 },
  },
  code: { ...code, goal: { of: 'value', below: 150 } },
  'code grows': growth('code', code),
  decision: { ...decision, goal: { of: 'value', below: 5 } },
  'decision grows': growth('decision', decision),
  expiry: {
    row: 'expiry',
    what: 'expiry of 1 M claims',
    unit: 's',
    goal: { of: 'value', below: 20 },
  },
  'worst read': {
    row: 'expiry',
    what: 'worst read beside it',
    unit: 'ms',
    goal: { of: 'value', below: 250 },
  },
  start: { row: 'start', what: 'warm start', unit: 'ms', goal: { of: 'value', below: 1_500 } },
  // 5 % is less than the spread of one measure: "never less with more".
  '2 processes': {
    row: 'processes',
    what: 'callbacks with 2 processes',
    unit: '/s',
    baseline: 'with 1',
    goal: { of: 'ratio', atLeast: 0.95 },
  },
  '4 processes': {
    row: 'processes',
    what: 'callbacks with 4 processes',
    unit: '/s',
    baseline: 'with 2',
    goal: { of: 'ratio', atLeast: 0.95 },
  },
}

/** The goals of a row that are measured by themselves. */
export const linesOf = (row: RowName): string[] =>
  Object.entries(LINES).flatMap(([id, line]) =>
    line.row === row && line.growthOf === undefined ? [id] : [],
  )

/** What one row found for one line at one size; `values` in the line's unit, one per repetition. */
export type Measure = {
  line: string
  size: number
  values: readonly number[]
  baselines?: readonly number[]
  note?: string
}
/** A line of which there is no measure, and why. `failed`: it was tried. */
export type Gap = { line: string; size: number | null; why: string; failed: boolean }

export type Verdict = 'held' | 'missed' | 'not measured'
export type Judged = {
  line: string
  size: number | null
  value: Spread | null
  baseline: Spread | null
  ratio: Spread | null
  verdict: Verdict
  note: string
}

export function judge(measure: Measure): Judged {
  const { values, baselines = [] } = measure
  const ratios = toRatios(values, baselines)
  const { goal } = getLine(measure.line)
  const judged = goal.of === 'ratio' ? ratios : values
  return {
    line: measure.line,
    size: measure.size,
    value: toSpread(values),
    baseline: baselines.length > 0 ? toSpread(baselines) : null,
    ratio: ratios.length > 0 ? toSpread(ratios) : null,
    verdict: judged.length > 0 && holds(goal, toSpread(judged).median) ? 'held' : 'missed',
    note: measure.note ?? '',
  }
}

function holds(goal: Goal, value: number): boolean {
  if ('atLeast' in goal) return value >= goal.atLeast
  return 'below' in goal ? value < goal.below : value <= goal.atMost
}

/** What was tried and failed is missed; what was not tried is never held. */
export const judgeGap = ({ line, size, why, failed }: Gap): Judged => ({
  line,
  size,
  value: null,
  baseline: null,
  ratio: null,
  verdict: failed ? 'missed' : 'not measured',
  note: why,
})

/** The lines of these rows about growth: the largest size against the smallest. */
export function judgeGrowth(measures: readonly Measure[], rows: readonly RowName[]): Judged[] {
  return Object.entries(LINES).flatMap(([id, { growthOf, row }]) => {
    if (growthOf === undefined || !rows.includes(row)) return []
    const sized = measures
      .filter(({ line }) => line === growthOf)
      .toSorted((a, b) => a.size - b.size)
    const [smallest, largest] = [sized[0], sized.at(-1)]
    if (!smallest || !largest || smallest.size === largest.size)
      return [judgeGap({ line: id, size: null, why: 'needs two sizes', failed: false })]
    return [
      judge({ line: id, size: largest.size, values: largest.values, baselines: smallest.values }),
    ]
  })
}

/** @throws RangeError for a line that is not in the table. */
export function getLine(id: string): Line {
  const line = LINES[id]
  if (line === undefined) throw new RangeError(`no line ${id}`)
  return line
}

export function describeGoal({ goal }: Line): string {
  if ('atLeast' in goal) return `>= ${toText(goal.atLeast)}`
  return 'below' in goal ? `< ${toText(goal.below)}` : `<= ${toText(goal.atMost)}`
}

const toText = (value: number): string => value.toLocaleString('en-US')
