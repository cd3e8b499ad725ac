import { describe, expect, test } from '@jest/globals'
import { isMediaId, isSize, leftOf, limitOf, readName, toExpiry, toName } from './media.rules.ts'

const ID = '0f8fad5b-d9cb-469f-a165-70867728950e'

describe('names in the store', () => {
  test('are read as they are written', () => {
    for (const size of ['full', 'thumb'] as const) expect(readName(toName(ID, size))).toBe(ID)
  })

  test.each([
    '',
    ID,
    `${ID}-full`,
    `${ID}-huge.jpg`,
    `${ID}full.jpg`,
    `${ID}-full.png`,
    `${ID}-full.jpg.x1y2`,
    `${ID.toUpperCase()}-full.jpg`,
    `${ID}-toString.jpg`,
    'probe.jpg',
  ])('%j is of no picture', (name) => {
    expect(readName(name)).toBeUndefined()
  })
})

test.each(['', '..', '../../etc/passwd', `${ID}x`, ID.toUpperCase(), ID.slice(1), `${ID}\n`, '%2e'])(
  '%j is no picture',
  (id) => {
    expect(isMediaId(id)).toBe(false)
  },
)

test.each(['', 'Full', 'toString', '__proto__', '../full'])('%j is no size', (size) => {
  expect(isSize(size)).toBe(false)
})

describe('an address ends', () => {
  test.each([
    ['2026-05-01T10:00:00.000Z', '2026-05-01T10:10:00Z'],
    ['2026-05-01T10:00:00.001Z', '2026-05-01T10:15:00Z'],
    ['2026-05-01T10:04:59.999Z', '2026-05-01T10:15:00Z'],
    ['2026-05-01T10:05:00.000Z', '2026-05-01T10:15:00Z'],
  ])('told at %s: at %s', (now, end) => {
    expect(toExpiry(new Date(now))).toBe(Date.parse(end) / 1_000)
  })

  const now = new Date('2026-05-01T10:00:00.500Z')
  const second = Date.parse('2026-05-01T10:00:00Z') / 1_000
  test.each([
    [String(second + 600), 599],
    [String(second + 2), 1],
    [String(second + 1), 0],
    [String(second), 0],
    [String(second - 600), 0],
    ['', 0],
    ['Infinity', 0],
    [`${String(second + 600)}.5`, 0],
    [`${String(second + 600)}0`, 0],
    [` ${String(second + 600)}`, 0],
    ['9e11', 0],
  ])('one that says %j has %d seconds left', (expiry, left) => {
    expect(leftOf(expiry, now)).toBe(left)
  })
})

test('who speaks for more people may upload more', () => {
  expect(limitOf({ accountId: 1 })).toBeLessThan(limitOf({ memberUserId: 'zhangsan' }))
  expect(limitOf({ memberUserId: 'zhangsan' })).toBeLessThan(limitOf({ keyName: 'ERP' }))
})
