import { describe, expect, test } from '@jest/globals'
import { apiBase } from '../../config.ts'
import type { Advisor } from '../../services/advisors.ts'
import { toAdvisorView, toAlbum, toShare } from './advisor.view.ts'

const picture = (name: string) => ({ thumb: `/media/${name}.s`, full: `/media/${name}.l` })
const ADVISOR: Advisor = {
  advisorId: 'advisor-1',
  name: '张三',
  title: '首席设计师',
  summary: '十年经验',
  photo: picture('face'),
  services: ['上门量房'],
  resume: [
    { heading: '经历', text: '2016 年起', pictures: [] },
    { heading: '作品', text: '', pictures: [picture('a'), picture('b')] },
  ],
  support: { kfUrl: 'https://kf', corpId: 'ww1' },
}

describe('an advisor', () => {
  test('is shown with what he has, pictures at the address of the server', () =>
    expect(toAdvisorView(ADVISOR)).toMatchObject({
      name: '张三',
      title: '首席设计师',
      summary: '十年经验',
      face: `${apiBase}/media/face.s`,
      services: ['上门量房'],
      sections: [
        { heading: '经历', text: '2016 年起', pictures: [] },
        {
          heading: '作品',
          pictures: [
            { thumb: `${apiBase}/media/a.s`, label: '作品的图片，第 1 张，共 2 张' },
            { thumb: `${apiBase}/media/b.s`, label: '作品的图片，第 2 张，共 2 张' },
          ],
        },
      ],
    }))

  test('without title, summary and photo shows none of them', () =>
    expect(
      toAdvisorView({ ...ADVISOR, title: null, summary: null, photo: null, support: null }),
    ).toMatchObject({ title: '', summary: '', face: '', support: null }))
})

describe('a picture that is tapped', () => {
  const view = toAdvisorView(ADVISOR)
  test('opens among those of its section', () =>
    expect(toAlbum(view, { section: 1, picture: 1 })).toEqual({
      urls: [`${apiBase}/media/a.l`, `${apiBase}/media/b.l`],
      current: `${apiBase}/media/b.l`,
    }))
  test('and is gone by then opens nothing', () => {
    expect(toAlbum(view, { section: 1, picture: 2 })).toBeNull()
    expect(toAlbum(view, { section: 7, picture: 0 })).toBeNull()
  })
})

test.each([
  ['首席设计师', '张三 · 首席设计师'],
  ['', '顾问 张三'],
])('with the title %p the card says %s, and opens him', (title, said) =>
  expect(toShare({ id: 'advisor-1', name: '张三', title })).toEqual({
    title: said,
    path: '/pages/advisor/advisor?id=advisor-1',
  }),
)
