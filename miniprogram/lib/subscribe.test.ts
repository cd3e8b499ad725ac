import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { askConsent, canSubscribe } from './subscribe.ts'

type Heard = {
  tmplIds: string[]
  success: (result: Record<string, string>) => void
  fail: (failure?: object) => void
  complete: () => void
}
const before = Reflect.get(globalThis, 'wx') as unknown
let asked: string[][] = []
const play = (answer: (heard: Heard) => void): void => {
  const requestSubscribeMessage = (heard: Heard): void => {
    asked.push(heard.tmplIds)
    answer(heard)
  }
  Reflect.set(globalThis, 'wx', { requestSubscribeMessage })
}
beforeEach(() => {
  asked = []
})
afterEach(() => {
  Reflect.set(globalThis, 'wx', before)
})

test('an old WeChat cannot be asked', () => {
  Reflect.set(globalThis, 'wx', {})
  expect(canSubscribe()).toBe(false)
  play(() => {})
  expect(canSubscribe()).toBe(true)
})

test('reads what was said of each template and nothing else', async () => {
  play(({ success, complete }) => {
    success({ errMsg: 'requestSubscribeMessage:ok', a: 'acceptWithAudio', b: 'ban', c: 'odd' })
    complete()
  })
  expect(await askConsent(['a', 'b', 'c'])).toEqual({ consents: { a: 'accept', b: 'ban' } })
})

test('asks for three at most', async () => {
  play(({ success }) => success({ errMsg: '' }))
  await askConsent(['a', 'b', 'c', 'd'])
  expect(asked).toEqual([['a', 'b', 'c']])
})

test.each<[string, (heard: Heard) => void, number]>([
  ['with its number', ({ fail }) => fail({ errCode: 20004, errMsg: '' }), 20004],
  ['outside of a tap, without a number', ({ fail }) => fail({ errMsg: 'x' }), 0],
  ['without a word', ({ fail }) => fail(undefined), 0],
  ['by completing only', ({ complete }) => complete(), 0],
  [
    'by throwing',
    () => {
      throw new Error('not in this version')
    },
    0,
  ],
])('a refusal %s is answered', async (_, answer, errCode) => {
  play(answer)
  expect(await askConsent(['a'])).toEqual({ errCode })
})
