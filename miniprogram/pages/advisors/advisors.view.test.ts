import { describe, expect, test } from '@jest/globals'
import { apiBase } from '../../config.ts'
import type { AdvisorCard } from '../../services/advisors.ts'
import { addAdvisors, findOnly, toAdvisorEntry } from './advisors.view.ts'

const card = (advisorId: string, more: Partial<AdvisorCard> = {}): AdvisorCard => ({
  advisorId,
  name: `顾问${advisorId}`,
  title: null,
  summary: null,
  photo: null,
  services: [],
  ...more,
})

describe('the list', () => {
  test('shows a card for each, with three services at most', () =>
    expect(
      addAdvisors(null, {
        items: [
          card('a', { photo: { thumb: '/m/t', full: '/m/f' }, services: ['一', '二', '三', '四'] }),
        ],
      }),
    ).toEqual({
      cards: [
        {
          id: 'a',
          name: '顾问a',
          title: '',
          summary: '',
          face: `${apiBase}/m/t`,
          services: ['一', '二', '三'],
        },
      ],
      cursor: '',
    }))

  test('grows by pages, and shows nobody twice', () => {
    const first = addAdvisors(null, { items: [card('a'), card('b')], nextCursor: '2' })
    const both = addAdvisors(first, { items: [card('b', { name: '李四' }), card('c')] })
    expect(first.cursor).toBe('2')
    expect(both.cards.map(({ name }) => name)).toEqual(['顾问a', '李四', '顾问c'])
    expect(both.cursor).toBe('')
  })
})

test('who is alone needs no list', () => {
  expect(findOnly({ items: [card('a')] })).toBe('a')
  expect(findOnly({ items: [card('a')], nextCursor: '2' })).toBeNull()
  expect(findOnly({ items: [card('a'), card('b')] })).toBeNull()
  expect(findOnly({ items: [] })).toBeNull()
})

describe('the way there from other pages', () => {
  test('is not there without an advisor', () => expect(toAdvisorEntry({ items: [] })).toBeNull())
  test('leads to the only one by his name', () =>
    expect(toAdvisorEntry({ items: [card('a')] })).toMatchObject({
      title: '顾问 顾问a',
      url: '/pages/advisor/advisor?id=a',
    }))
  test('leads to the list of several', () =>
    expect(toAdvisorEntry({ items: [card('a'), card('b')] })).toMatchObject({
      title: '我们的顾问',
      url: '/pages/advisors/advisors',
    }))
})
