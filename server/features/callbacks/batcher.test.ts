import { expect, test } from '@jest/globals'
import { createBatcher } from './batcher.ts'

test('what arrives during a write is written together, and nobody hears of it before it is written', async () => {
  const batches: number[][] = []
  let release = (): void => {}
  const keep = createBatcher<number>((batch) => {
    batches.push(batch)
    return new Promise<void>((resolve) => { release = resolve })
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

test('a failed write fails its own batch only', async () => {
  let calls = 0
  const keep = createBatcher<number>(async () => { if (++calls === 1) throw new Error('disk full') })
  const [first, second] = await Promise.allSettled([keep(1), keep(2)])
  expect(first.status).toBe('rejected')
  expect(second.status).toBe('fulfilled')
})
