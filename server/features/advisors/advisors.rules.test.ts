import { describe, expect, test } from '@jest/globals'
import type { AdvisorBody } from '../../../shared/api/advisors.ts'
import {
  decideJoin,
  findChanges,
  findJoinWait,
  picturesOf,
  toContent,
  TRIES,
  type Content,
} from './advisors.rules.ts'

const [ONE, TWO] = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002']
const known: Content = {
  name: '张三',
  title: '顾问',
  summary: '从业 11 年',
  photo: ONE,
  resume: [{ heading: '经历', text: '', pictures: [TWO, ONE] }],
  services: ['上门量尺'],
  memberUserId: 'ZhangSan',
  active: false,
}

test('who is new and of whom nothing else is said is there for customers', () => {
  expect(toContent(undefined, { name: '李四' })).toEqual({
    name: '李四',
    title: null,
    summary: null,
    photo: null,
    resume: [],
    services: [],
    memberUserId: null,
    active: true,
  })
})

describe('what is said of somebody who is known', () => {
  test.each<[string, Omit<AdvisorBody, 'name'>, Partial<Content>]>([
    ['what is left out stays', {}, {}],
    ['null empties', { title: null, summary: null, photo: null, memberUserid: null }, { title: null, summary: null, photo: null, memberUserId: null }],
    ['[] empties', { resume: [], services: [] }, { resume: [], services: [] }],
    ['a list is replaced', { resume: [{ heading: '项目', text: '一' }] }, { resume: [{ heading: '项目', text: '一', pictures: [] }] }],
    ['a member in another spelling is the same (D27)', { memberUserid: 'zhangsan' }, {}],
    ['another member is another', { memberUserid: 'lisi' }, { memberUserId: 'lisi' }],
    ['he is shown again', { active: true }, { active: true }],
  ])('%s', (_, said, changed) => {
    const content = toContent(known, { name: '张三', ...said })
    expect(content).toEqual({ ...known, ...changed })
    expect(Object.keys(findChanges(known, content)?.after ?? {})).toEqual(Object.keys(changed))
  })

  test('the log tells what was and what is, of that alone', () => {
    expect(findChanges(known, { ...known, name: '张叁', active: true })).toEqual({
      before: { name: '张三', active: false },
      after: { name: '张叁', active: true },
    })
    expect(findChanges(undefined, known)).toEqual({ before: null, after: known })
  })

  test('a section is the same in whatever order its fields were stored, and another with one word more', () => {
    const stored = { ...known, resume: [{ pictures: [TWO, ONE], text: '', heading: '经历' }] }
    expect(findChanges(stored, known)).toBeNull()
    const more = { ...known, resume: [{ heading: '经历', text: '一', pictures: [TWO, ONE] }] }
    expect(findChanges(stored, more)).toEqual({
      before: { resume: stored.resume },
      after: { resume: more.resume },
    })
  })
})

test('a picture that is used twice is one', () => {
  expect(picturesOf(known)).toEqual([ONE, TWO])
  expect(picturesOf({ photo: null, resume: [] })).toEqual([])
})

const now = new Date('2026-03-02T01:05:00Z')
const at = (ms: number): Date => new Date(now.getTime() + ms)
const open = { advisorId: 'a', expiresAt: at(1), usedAt: null, endedAt: null }

describe('an invitation', () => {
  test.each([
    ['is taken by who is no advisor', open, undefined, 'join'],
    ['is taken by who is this one', open, 'a', 'join'],
    ['is not for who is another', open, 'b', 'other_advisor'],
    ['that nobody gave is none', undefined, undefined, 'invalid'],
    ['that is used is none', { ...open, usedAt: at(-1) }, undefined, 'invalid'],
    ['that was used by himself is none', { ...open, usedAt: at(-1) }, 'a', 'invalid'],
    ['that a newer one ended is none', { ...open, endedAt: at(-1) }, undefined, 'invalid'],
    ['that is over is none', { ...open, expiresAt: now }, undefined, 'invalid'],
    ['that is over tells nobody that he is another', { ...open, expiresAt: now }, 'b', 'invalid'],
  ])('%s', (_, invitation, isAdvisor, decided) => {
    expect(decideJoin({ invitation, isAdvisor, now })).toBe(decided)
  })

  test.each([
    [TRIES.most, now, 0],
    [TRIES.most + 1, now, TRIES.withinMs],
    [TRIES.most + 1, at(1 - TRIES.withinMs), 1],
  ])('try %i since %s waits %i ms', (tries, since, waitMs) => {
    expect(findJoinWait({ tries, since }, now)).toBe(waitMs)
  })
})
