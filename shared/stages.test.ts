import { expect, test } from '@jest/globals'
import { findMove } from './stages.ts'

/** `.` still to come, `>` runs, `x` done. */
const STATUS = { '.': 'pending', '>': 'active', x: 'done' } as const
const stagesOf = (drawn: string) =>
  [...drawn].map((sign, at) => ({
    name: ['测量', '设计', '安装'][at]!,
    status: STATUS[sign as keyof typeof STATUS],
  }))

test.each([
  ['', '>..', undefined, 'what a project begins with is no move'],
  ['>..', 'x>.', '设计', 'the next runs'],
  ['>..', 'x..', '设计', 'the next is to come'],
  ['x..', 'x>.', '设计', 'what was to come has begun'],
  ['...', '>..', '测量', 'the first has begun'],
  ['>..', 'xx>', '安装', 'two at once'],
  ['xx>', 'xxx', '安装已完成', 'the last is done'],
  ['xx>', 'xx>', undefined, 'nothing moved'],
  ['xxx', 'xxx', undefined, 'nothing moved any more'],
  ['xx>', 'x>.', '设计', 'back again'],
  ['xx>', '', undefined, 'no stage is left'],
])('from "%s" to "%s" customers hear %s: %s', (before, after, milestone, _) =>
  expect(findMove(stagesOf(before), stagesOf(after))).toBe(milestone),
)
