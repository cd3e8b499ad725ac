import { describe, expect, test } from '@jest/globals'
import { ROWS } from './goals.rules.ts'
import { OptionsRefused, readOptions, toSizeName } from './options.rules.ts'

const all = Object.keys(ROWS)

describe('readOptions', () => {
  test('without a word everything is measured at every size', () =>
    expect(readOptions([])).toEqual({
      quick: false,
      only: all,
      sizes: [10_000, 100_000, 1_000_000],
      json: false,
      write: false,
    }))

  test.each([
    [['--quick'], { quick: true, sizes: [10_000] }],
    [['--quick', '--size', '1m'], { quick: true, sizes: [10_000] }],
    [['--only', 'reads'], { only: ['reads'] }],
    [['--only', '1,9'], { only: ['callbacks', 'start'] }],
    [['--size', '100k,1000000'], { sizes: [100_000, 1_000_000] }],
    [['--json', '--write'], { json: true, write: true }],
  ])('%j', (words, wanted) => expect(readOptions(words)).toMatchObject(wanted))

  test.each([
    [['--fast'], '--fast is no option'],
    [['--only', 'all'], '1 callbacks'],
    [['--only'], '1 callbacks'],
    [['--size', '5k'], '10k, 100k, 1m'],
    [['--write', '--quick'], 'a whole run'],
    [['--only', 'start', '--write'], 'a whole run'],
  ])('%j is refused', (words, says) => {
    expect(() => readOptions(words)).toThrow(OptionsRefused)
    expect(() => readOptions(words)).toThrow(says)
  })
})

test.each([
  [10_000, '10k'],
  [1_000_000, '1m'],
])('%d is called %s', (size, name) => expect(toSizeName(size)).toBe(name))
