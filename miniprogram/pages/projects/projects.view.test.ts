import { describe, expect, test } from '@jest/globals'
import { addPage, countOf, NO_PROJECTS } from './projects.view.ts'

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
      NO_PROJECTS,
      { items: ['a', 'b', 'c'].map((id) => item(id)), nextCursor: 'n' },
      NOW,
    )
    expect(first).toMatchObject({ cursor: 'n', foot: '继续往下滑，查看更多' })
    const second = addPage(first, { items: ['d', 'e', 'f'].map((id) => item(id)) }, NOW)
    expect(second.running.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
    expect(second).toMatchObject({ cursor: '', foot: '全部 6 个项目都在这里了' })
  })

  test('a project that moved between two pages is shown once', () => {
    const first = addPage(NO_PROJECTS, { items: [item('a'), item('b')], nextCursor: 'n' }, NOW)
    expect(
      addPage(first, { items: [item('b'), item('c')] }, NOW).running.map(({ id }) => id),
    ).toEqual(['a', 'b', 'c'])
  })

  test('a finished project is full and marked', () => {
    expect(
      addPage(NO_PROJECTS, { items: [item('a', { finished: true, status: 'finished' })] }, NOW)
        .finished[0],
    ).toMatchObject({ badge: '已完成', percent: 100, progress: '全部完成', finished: true })
  })

  test('a project under way says how far it is', () => {
    expect(
      addPage(
        NO_PROJECTS,
        { items: [item('a'), item('b', { stagesTotal: 0, stagesDone: 0 })] },
        NOW,
      ).running,
    ).toMatchObject([
      { percent: 40, progress: '已完成 2 / 5 步', stage: '安装', updated: '今天 09:00' },
      { percent: 0, progress: '' },
    ])
  })

  test('finished ones wait below while a page may still bring one that runs', () => {
    const done = (id: string) => item(id, { finished: true })
    const first = addPage(NO_PROJECTS, { items: [done('x'), item('a')], nextCursor: 'n' }, NOW)
    expect(first).toMatchObject({
      running: [{ id: 'a' }],
      showsFinished: false,
      foot: '查看更多，已完成的在最后',
    })
    const last = addPage(first, { items: [done('y'), item('b')] }, NOW)
    expect([last.running, last.finished].map((cards) => cards.map(({ id }) => id))).toEqual([
      ['a', 'b'],
      ['x', 'y'],
    ])
    expect([last.showsFinished, countOf(last)]).toEqual([true, 4])
    expect(addPage(NO_PROJECTS, { items: [done('x')], nextCursor: 'n' }, NOW)).toMatchObject({
      showsFinished: true,
      foot: '继续往下滑，查看更多',
    })
  })

  test('a project that was finished between two pages changes its place', () => {
    const first = addPage(NO_PROJECTS, { items: [item('a'), item('b')], nextCursor: 'n' }, NOW)
    const second = addPage(first, { items: [item('a', { finished: true })] }, NOW)
    expect([second.running, second.finished]).toMatchObject([[{ id: 'b' }], [{ id: 'a' }]])
  })

  test('a finished project has no stage and no date to come', () => {
    const finished = item('b', { finished: true, nextAt: '2026-05-12T02:00:00Z' })
    expect(addPage(NO_PROJECTS, { items: [finished] }, NOW).finished[0]).toMatchObject({
      stage: '',
      next: '',
    })
  })

  test.each([
    ['2026-05-12T02:00:00Z', '安装预计 2026年5月12日完成'],
    ['2026-05-10T01:00:00Z', '安装预计 2026年5月10日完成'],
    ['2026-05-09T02:00:00Z', '安装原计划 2026年5月9日完成'],
    [undefined, ''],
  ])('planned for %p, it says %p', (nextAt, next) =>
    expect(addPage(NO_PROJECTS, { items: [item('a', { nextAt })] }, NOW).running[0]?.next).toBe(
      next,
    ),
  )
})
