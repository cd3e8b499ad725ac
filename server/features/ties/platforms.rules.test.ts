import { expect, test } from '@jest/globals'
import { arePlatformsApart } from './platforms.rules.ts'

test.each([
  ['nobody was compared yet', { different: 0, anyEqual: false }, false],
  ['one stranger sent a code', { different: 1, anyEqual: false }, false],
  ['two did', { different: 2, anyEqual: false }, false],
  ['the first three pairs all differ', { different: 3, anyEqual: false }, true],
  ['a hundred do', { different: 100, anyEqual: false }, true],
  ['one pair was equal, whatever else differs', { different: 100, anyEqual: true }, false],
  ['all are equal', { different: 0, anyEqual: true }, false],
])('%s: %j means that the platforms are apart: %j', (_, pairs, apart) => {
  expect(arePlatformsApart(pairs)).toBe(apart)
})
