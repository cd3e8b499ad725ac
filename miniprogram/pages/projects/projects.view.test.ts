import { describe, expect, test } from '@jest/globals'
import { addPage } from './projects.view.ts'

const NOW = Date.parse('2026-05-10T04:00:00Z')
const item = (id: string, over = {}) => ({
  id,
  orderNo: `SO-${id}`,
  title: `项目 ${id}`,
  status: '进行中',
  finished: false,
  stage: '安装',
  stagesDone: 2,
  stagesTotal: 5,
  updatedAt: '2026-05-10T01:00:00Z',
  ...over,
})

describe('the project list', () => {
  test('grows page by page and says when it is complete', () => {
    const first = addPage(
      [],
      { items: ['a', 'b', 'c'].map((id) => item(id)), nextCursor: 'n' },
      NOW,
    )
    expect(first).toMatchObject({ cursor: 'n', foot: '继续往下滑，查看更多' })
    const second = addPage(first.cards, { items: ['d', 'e', 'f'].map((id) => item(id)) }, NOW)
    expect(second.cards.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
    expect(second).toMatchObject({ cursor: '', foot: '全部 6 个项目都在这里了' })
  })

  test('a project that moved between two pages is shown once', () => {
    const first = addPage([], { items: [item('a'), item('b')], nextCursor: 'n' }, NOW)
    expect(
      addPage(first.cards, { items: [item('b'), item('c')] }, NOW).cards.map(({ id }) => id),
    ).toEqual(['a', 'b', 'c'])
  })

  test('a finished project is full and marked', () => {
    expect(
      addPage([], { items: [item('a', { finished: true, status: 'finished' })] }, NOW).cards[0],
    ).toMatchObject({ badge: '已完成', percent: 100, progress: '全部完成', finished: true })
  })

  test('a project under way says how far it is', () => {
    expect(
      addPage([], { items: [item('a'), item('b', { stagesTotal: 0, stagesDone: 0 })] }, NOW).cards,
    ).toMatchObject([
      { percent: 40, progress: '已完成 2 / 5 步', stage: '安装', updated: '今天 09:00' },
      { percent: 0, progress: '' },
    ])
  })
})
