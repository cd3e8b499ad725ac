import { describe, expect, test } from '@jest/globals'
import { findQuietEnd } from './quiet-hours.ts'

const NOW = new Date('2026-05-01T04:00:00Z')

describe('quiet hours', () => {
  const night = { from: '21:00', to: '08:00' }
  test.each([
    ['12:00 in Shanghai', '2026-05-01T04:00:00Z', null],
    ['20:59', '2026-05-01T12:59:59Z', null],
    ['21:00', '2026-05-01T13:00:00Z', '2026-05-02T00:00:00.000Z'],
    ['midnight', '2026-05-01T16:00:30Z', '2026-05-02T00:00:00.000Z'],
    ['07:59', '2026-05-01T23:59:59Z', '2026-05-02T00:00:00.000Z'],
    ['08:00', '2026-05-02T00:00:00Z', null],
  ])('%s', (_, now, end) =>
    expect(findQuietEnd(new Date(now), night, 'Asia/Shanghai')?.toISOString() ?? null).toBe(end),
  )

  test('may lie within a day, may be none, and follow the zone', () => {
    expect(findQuietEnd(NOW, { from: '12:00', to: '13:30' }, 'Asia/Shanghai')?.toISOString()).toBe(
      '2026-05-01T05:30:00.000Z',
    )
    expect(findQuietEnd(NOW, { from: '12:00', to: '12:00' }, 'Asia/Shanghai')).toBeNull()
    expect(findQuietEnd(NOW, null, 'Asia/Shanghai')).toBeNull()
    expect(findQuietEnd(NOW, night, 'UTC')?.toISOString()).toBe('2026-05-01T08:00:00.000Z')
  })
})
