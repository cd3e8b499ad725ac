import { expect, test } from '@jest/globals'
import { createBatcher } from './batcher.ts'

test('what arrives during a write is written together, and nobody hears of it before it is written', async () => {
  const batches: number[][] = []
  let release = (): void => {}
  const keep = createBatcher<number>((batch) => {
    batches.push(batch)
    return new Promise<void>((resolve) => {
      release = resolve
    })
  })
  const heard: number[] = []
  const all = [1, 2, 3].map((item) => keep(item).then(() => heard.push(item)))
  expect(batches).toEqual([[1]])
  expect(heard).toEqual([])
  release()
  await all[0]
  await new Promise(setImmediate)
  expect(batches).toEqual([[1], [2, 3]])
  expect(heard).toEqual([1])
  release()
  await Promise.all(all)
  expect(heard).toEqual([1, 2, 3])
})

test('a batch that one item spoils is written item by item, and only that one is refused', async () => {
  const batches: number[][] = []
  const keep = createBatcher<number>(async (batch) => {
    batches.push(batch)
    await new Promise(setImmediate)
    if (batch.includes(3))
      throw Object.assign(new Error('invalid byte sequence'), { code: '22021' })
  })
  const outcomes = await Promise.allSettled([1, 2, 3, 4].map((item) => keep(item)))
  expect(outcomes.map(({ status }) => status)).toEqual([
    'fulfilled',
    'fulfilled',
    'rejected',
    'fulfilled',
  ])
  expect(batches).toEqual([[1], [2, 3, 4], [2], [3], [4]])
})

test('a failed write fails its own batch only', async () => {
  let calls = 0
  const keep = createBatcher<number>(async () => {
    if (++calls === 1) throw new Error('disk full')
  })
  const [first, second] = await Promise.allSettled([keep(1), keep(2)])
  expect(first.status).toBe('rejected')
  expect(second.status).toBe('fulfilled')
})
