import { describe, expect, test } from '@jest/globals'
import { cutText, firstCharacter } from './cut-text.ts'

const FAMILY = '👨‍👩‍👧‍👦'
const bytes = (text: string): number => Buffer.byteLength(text)

describe('cutText', () => {
  test.each([
    ['家家家', { bytes: 9 }, '家家家'],
    ['家家家', { bytes: 8 }, '家家'],
    ['家家家', { characters: 2 }, '家家'],
    ['abc', { characters: 3 }, 'abc'],
    [`a${FAMILY}b`, { bytes: 25 }, 'a'],
    [`a${FAMILY}b`, { bytes: 26 }, `a${FAMILY}`],
    [`a${FAMILY}b`, { characters: 7 }, 'a'],
    [`a${FAMILY}b`, { characters: 8 }, `a${FAMILY}`],
    ['👍🏽好', { characters: 1 }, ''],
    ['👍🏽好', { characters: 2 }, '👍🏽'],
    ['🇨🇳🇨🇳', { characters: 3 }, '🇨🇳'],
    ['e\u0301a', { characters: 1 }, ''],
    ['❤️a', { characters: 2 }, '❤️'],
    ['\r\na', { characters: 1 }, ''],
    ['', { bytes: 0 }, ''],
    ['a', { bytes: 0 }, ''],
  ])('%j cut at %j is %j', (text, most, cut) => expect(cutText(text, most)).toBe(cut))

  test('of any text of emoji at any limit is well formed, fits, and ends between two characters', () => {
    const text = `顾问${FAMILY}王👍🏽🇨🇳❤️${FAMILY}end`
    const whole = [...new Intl.Segmenter('zh').segment(text)].map(({ segment }) => segment)
    const beginnings = new Set(whole.map((_, index) => whole.slice(0, index).join('')).concat(text))
    for (let limit = 0; limit <= bytes(text) + 1; limit += 1) {
      for (const cut of [cutText(text, { bytes: limit }), cutText(text, { characters: limit })])
        expect([cut, beginnings.has(cut)]).toEqual([cut, true])
      expect(bytes(cutText(text, { bytes: limit }))).toBeLessThanOrEqual(limit)
      expect([...cutText(text, { characters: limit })].length).toBeLessThanOrEqual(limit)
    }
  })
})

test.each([
  ['王小明', '王'],
  [`${FAMILY}之家`, FAMILY],
  ['', ''],
])('the first character of %j is %j', (name, first) => expect(firstCharacter(name)).toBe(first))
