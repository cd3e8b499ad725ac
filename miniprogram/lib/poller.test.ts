import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { createPoller } from './poller.ts'

beforeEach(() => {
  jest.useFakeTimers()
})
afterEach(() => {
  jest.useRealTimers()
})

test('looks again after the wait that the look asks for, and ends on null', async () => {
  const waits = [3000, 3000, null]
  const look = jest.fn(async () => waits.shift() ?? null)
  createPoller(look).start(0)
  await jest.advanceTimersByTimeAsync(60_000)
  expect(look).toHaveBeenCalledTimes(3)
})

test('a stopped poller does not look again, even when a look was under way', async () => {
  let finish = (_ms: number) => {}
  const look = jest.fn(
    () =>
      new Promise<number>((resolve) => {
        finish = resolve
      }),
  )
  const poller = createPoller(look)
  poller.start(0)
  await jest.advanceTimersByTimeAsync(1)
  poller.stop()
  finish(10)
  await jest.advanceTimersByTimeAsync(60_000)
  expect(look).toHaveBeenCalledTimes(1)
})

test('starting again leaves one round only', async () => {
  const look = jest.fn(async () => 1000)
  const poller = createPoller(look)
  poller.start(0)
  poller.start(0)
  await jest.advanceTimersByTimeAsync(2500)
  poller.stop()
  expect(look).toHaveBeenCalledTimes(3)
})
