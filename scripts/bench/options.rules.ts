import { ROWS, type RowName } from './goals.rules.ts'

/** How many customers a world has. */
export const SIZES = [10_000, 100_000, 1_000_000] as const
export type Size = (typeof SIZES)[number]

export type Options = {
  quick: boolean
  only: readonly RowName[]
  sizes: readonly Size[]
  /** Print JSON instead of the table. */
  json: boolean
  /** Write the table into docs/performance.md. */
  write: boolean
}

/** What was asked for cannot be done; the message says what can. */
export class OptionsRefused extends Error {}

const NAMES = Object.keys(ROWS) as RowName[]

/** @throws OptionsRefused for a word that is no option, row or size. */
export function readOptions(words: readonly string[]): Options {
  const options = { quick: false, only: [...NAMES], sizes: [...SIZES] as Size[] }
  const marks = { json: false, write: false }
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? ''
    if (word === '--quick') options.quick = true
    else if (word === '--json' || word === '--write')
      marks[word === '--json' ? 'json' : 'write'] = true
    else if (word === '--only') options.only = toRows(words[(at += 1)])
    else if (word === '--size') options.sizes = toSizes(words[(at += 1)])
    else throw new OptionsRefused(`${word} is no option: --quick, --only, --size, --json, --write`)
  }
  if (options.quick) options.sizes = [SIZES[0]]
  if (marks.write && (options.quick || options.only.length < NAMES.length))
    throw new OptionsRefused('--write is for a whole run: without --quick and --only')
  return { ...options, ...marks }
}

function toRows(words = ''): RowName[] {
  return words.split(',').map((word) => {
    const found = NAMES.find((name) => name === word || String(ROWS[name].number) === word)
    if (found === undefined)
      throw new OptionsRefused(
        `--only takes rows: ${NAMES.map((name) => `${ROWS[name].number} ${name}`).join(', ')}`,
      )
    return found
  })
}

function toSizes(words = ''): Size[] {
  return words.split(',').map((word) => {
    const found = SIZES.find((size) => size === Number(word) || toSizeName(size) === word)
    if (found === undefined)
      throw new OptionsRefused(`--size takes ${SIZES.map(toSizeName).join(', ')}`)
    return found
  })
}

/** "10k", "1m". */
export const toSizeName = (size: number): string =>
  size >= 1_000_000 ? `${size / 1_000_000}m` : `${size / 1_000}k`
