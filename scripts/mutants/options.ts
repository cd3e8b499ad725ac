import { parseArgs } from 'node:util'

export const DEFAULT_SEED = 20261
const DEFAULT_COUNT = 150

export type Options = {
  seed: number
  count: number
  list: boolean
  all: boolean
  place: string | undefined
}

/** @throws when an option is unknown or no whole number. */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: 'string' },
      count: { type: 'string' },
      place: { type: 'string' },
      list: { type: 'boolean' },
      all: { type: 'boolean' },
    },
  })
  return {
    seed: wholeNumber('seed', values.seed, DEFAULT_SEED),
    count: wholeNumber('count', values.count, DEFAULT_COUNT),
    list: values.list ?? false,
    all: values.all ?? false,
    place: values.place,
  }
}

function wholeNumber(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise
  if (!/^\d{1,9}$/.test(text)) throw new Error(`--${name} takes a whole number, not ${text}`)
  return Number(text)
}
