import { expect, test } from '@jest/globals'
import { WhyCode } from './api/why.ts'
import { tellQuestion, tellWhy, toSentences, type Reader } from './why.ts'

const READERS: Reader[] = ['customer', 'staff', 'admin']

test.each(WhyCode.options.flatMap((code) => READERS.map((reader) => [code, reader] as const)))(
  '%s is said to the %s in one sentence, with what comes next',
  (code, reader) => {
    const { text, nextStep } = tellWhy(code, reader)
    expect(text).toMatch(/^[^。]{4,40}$/)
    expect(nextStep).toMatch(/[\u4e00-\u9fff]{4}/)
    expect(nextStep).not.toMatch(/。$/)
  },
)

test('an admin reads who does it, unless there is nothing to do', () => {
  for (const code of WhyCode.options)
    expect(tellWhy(code, 'admin').nextStep).toMatch(/^(?:无需处理|[^。]*：.+)$/)
})

test('customers read nothing of others, and nothing of how they are checked', () => {
  const told = WhyCode.options.map((code) => tellWhy(code, 'customer'))
  expect(told.map(({ code }) => code)).not.toContain('order_held')
  for (const why of told)
    expect(toSentences(why)).not.toMatch(/他人|别人|同事|管理员|归属|换了主人|二维码|存疑/)
})

test('a question says what to do about it; one that nobody knows is for the admin', () => {
  const steps = ['several_phones', 'claim_differs', 'toString'].map((kind) => tellQuestion(kind))
  expect(steps.map(({ code }) => code)).toEqual(Array(3).fill('phone_in_question'))
  expect(steps.map(({ nextStep }) => nextStep)).toEqual([
    expect.stringContaining('点选'),
    expect.stringContaining('与客户核对'),
    '请管理员核实',
  ])
})
