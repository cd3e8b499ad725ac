import { describeGoal, getLine, LINES, type Judged } from './goals.rules.ts'
import { toSizeName } from './options.rules.ts'
import type { Spread } from './statistics.rules.ts'

const BEGIN = '<!-- bench: begin -->'
const END = '<!-- bench: end -->'

/** The place for the table is missing. */
export class NoPlaceError extends Error {}

/** A Markdown table, in the order of the goals, then by size; above it what it was measured on. */
export function printTable(judged: readonly Judged[], machine: readonly string[]): string {
  const order = Object.keys(LINES)
  const sorted = judged.toSorted(
    (a, b) => order.indexOf(a.line) - order.indexOf(b.line) || (a.size ?? 0) - (b.size ?? 0),
  )
  return [
    ...machine.map((line) => `- ${line}`),
    '',
    '| measure | size | value | baseline | ratio | goal | |',
    '|---|---|---|---|---|---|---|',
    ...sorted.map(printRow),
    '',
    ...printNotes(sorted),
  ].join('\n')
}

function printRow({ line: id, size, value, baseline, ratio, verdict }: Judged): string {
  const line = getLine(id)
  const cells = [
    line.what,
    size === null ? '' : toSizeName(size),
    value ? `${printSpread(value)} ${line.unit}` : '-',
    printBaseline(line.baseline, baseline),
    ratio ? printSpread(ratio) : '-',
    describeGoal(line),
    verdict,
  ]
  return `| ${cells.join(' | ')} |`
}

function printBaseline(name: string | undefined, baseline: Spread | null): string {
  if (name === undefined) return '-'
  return baseline ? `${name}: ${printSpread(baseline)}` : name
}

const printNotes = (judged: readonly Judged[]): string[] =>
  judged
    .filter(({ note }) => note !== '')
    .map(
      ({ line, size, note }) => `- ${line}${size === null ? '' : `, ${toSizeName(size)}`}: ${note}`,
    )

/** Three digits count: what follows them is noise. The ends stand behind it when there was more than one repetition. */
export function printSpread({ median, least, most, times }: Spread): string {
  return times > 1 ? `${round(median)} (${round(least)} to ${round(most)})` : round(median)
}

const round = (value: number): string =>
  value.toLocaleString('en-US', { maximumSignificantDigits: 3 })

/** @throws NoPlaceError when the text has no markers. */
export function putTable(text: string, table: string): string {
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)]
  if (begin < 0 || end < begin) throw new NoPlaceError(`no ${BEGIN} before ${END}`)
  return `${text.slice(0, begin + BEGIN.length)}\n\n${table.trim()}\n\n${text.slice(end)}`
}
