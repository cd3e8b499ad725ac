import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { RequestError } from '../../lib/request.ts'
import { createPaged, type Listed } from './paged.ts'
import type { PageOf } from './services.ts'

type Item = { id: string; text: string }
const item = (id: string, text = id): Item => ({ id, text })
const OFFLINE = new RequestError(0, { code: 'network.offline', message: '网络没有连上' })
const before = Reflect.get(globalThis, 'wx') as unknown
let toasts: string[] = []
beforeEach(() => {
  toasts = []
  Reflect.set(globalThis, 'wx', {
    showToast: ({ title }: { title: string }) => toasts.push(title),
  })
})
afterEach(() => {
  Reflect.set(globalThis, 'wx', before)
})

/** A list whose server answers these, in this order. */
function setUp(...answers: (PageOf<Item> | Error)[]) {
  const asked: (string | undefined)[] = []
  const screen: { listed?: Listed<Item> } = {}
  const paged = createPaged<Item>({
    fetch: async (cursor) => {
      asked.push(cursor)
      const answer = answers.shift()!
      if (answer instanceof Error) throw answer
      return answer
    },
    keyOf: ({ id }) => id,
    show: (listed) => {
      screen.listed = listed
    },
  })
  return { paged, asked, screen }
}

test('grows by pages, each thing once as it stood last, and from the top anew', async () => {
  const { paged, asked, screen } = setUp(
    { items: [item('1'), item('2')], nextCursor: 'x' },
    { items: [item('2', 'new'), item('3')] },
    { items: [item('4')] },
  )
  await paged.refresh()
  await paged.more()
  expect(screen.listed).toMatchObject({
    items: [item('1'), item('2', 'new'), item('3')],
    cursor: '',
    busy: false,
  })
  await paged.more()
  await paged.refresh()
  expect(screen.listed!.items).toEqual([item('4')])
  expect(asked).toEqual([undefined, 'x', undefined])
})

test('two calls for more ask once', async () => {
  const { paged, asked } = setUp({ items: [item('1')], nextCursor: 'x' }, { items: [item('2')] })
  await paged.refresh()
  await Promise.all([paged.more(), paged.more()])
  expect(asked).toEqual([undefined, 'x'])
})

test('what did not come at first is told in its place, later by a word', async () => {
  const { paged, screen } = setUp(OFFLINE, { items: [item('1')] }, OFFLINE)
  await paged.refresh()
  expect(screen.listed).toMatchObject({ items: null, problem: { kind: 'offline' }, busy: false })
  expect(toasts).toEqual([])
  await paged.refresh()
  await paged.refresh()
  expect(screen.listed).toMatchObject({ items: [item('1')], problem: null, busy: false })
  expect(toasts).toEqual(['网络没有连上'])
})

test('an answer that comes after the page was left is shown to nobody', async () => {
  const { paged, screen } = setUp({ items: [item('1')] })
  const late = paged.refresh()
  paged.leave()
  await late
  expect(screen.listed!.items).toBeNull()
})
