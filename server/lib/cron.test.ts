import { afterAll, afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import nodeCron from 'node-cron'
import { testDatabase } from '../test/database.ts'
import { createCron, type Schedule } from './cron.ts'
import { openDb } from './db.ts'
import { createLog } from './log.ts'

const { db, clear } = await testDatabase()
afterAll(() => unreachable.destroy())
beforeEach(clear)

const lines: string[] = []
const log = createLog({
  level: 'debug',
  destination: { write: (line: string) => void lines.push(line) },
})
const unreachable = openDb('postgres://nobody@127.0.0.1:1/nothing', { maxConnections: 1, log })
const toSchedule = (every: Schedule['every']): Schedule => ({
  every,
  job: { name: `test.${every}`, payload: {} },
})

/** A process whose orders are kept in `ordered`; jobs themselves are tested with graphile-worker elsewhere. */
function aProcess({ on = db, now = () => new Date(), schedules = [] as Schedule[] } = {}) {
  const ordered: string[] = []
  const jobs = {
    add: async (_: unknown, added: readonly { name: string }[]) => {
      ordered.push(...added.map(({ name }) => name))
    },
  }
  return {
    ordered,
    cron: createCron({ db: on, jobs, schedules, timeZone: 'Asia/Shanghai', clock: now, log }),
  }
}

test.each<[Schedule['every'], string, string, boolean]>([
  ['minute', '2026-03-01T10:00:00.000Z', '2026-03-01T10:00:59.999Z', false],
  ['minute', '2026-03-01T10:00:59.999Z', '2026-03-01T10:01:00.000Z', true],
  ['hour', '2026-03-01T10:00:00.000Z', '2026-03-01T10:59:59.999Z', false],
  ['hour', '2026-03-01T10:59:59.999Z', '2026-03-01T11:00:00.000Z', true],
  // Midnight in Shanghai is 16:00 UTC, in summer and in winter.
  ['day', '2026-03-01T16:00:00.000Z', '2026-03-02T15:59:59.999Z', false],
  ['day', '2026-03-01T15:59:59.999Z', '2026-03-01T16:00:00.000Z', true],
  ['day', '2026-07-01T15:59:59.999Z', '2026-07-01T16:00:00.000Z', true],
  ['day', '2026-03-01T23:59:59.999Z', '2026-03-02T00:00:00.000Z', false],
  ['day', '2028-02-28T16:00:00.000Z', '2028-02-29T16:00:00.000Z', true],
])('one order a %s in Shanghai: %s, then %s', async (every, first, second, isNew) => {
  const { cron, ordered } = aProcess()
  expect(await cron.fire(toSchedule(every), new Date(first))).toBe(true)
  expect(await cron.fire(toSchedule(every), new Date(second))).toBe(isNew)
  expect(ordered).toHaveLength(isNew ? 2 : 1)
})

test('twenty processes that fire one slot at once give one order', async () => {
  const processes = Array.from({ length: 20 }, () => aProcess())
  const won = await Promise.all(
    processes.map(({ cron }, index) =>
      cron.fire(toSchedule('minute'), new Date(Date.UTC(2026, 2, 1, 10, 0, index))),
    ),
  )
  expect(won.filter(Boolean)).toHaveLength(1)
  expect(processes.flatMap(({ ordered }) => ordered)).toEqual(['test.minute'])
})

test('an order that could not be given leaves the slot to the next', async () => {
  const broken = createCron({
    db,
    jobs: {
      add: async () => {
        throw new Error('no jobs today')
      },
    },
    schedules: [],
    timeZone: 'Asia/Shanghai',
    clock: () => new Date(),
    log,
  })
  const at = new Date('2026-03-01T10:00:00Z')
  await expect(broken.fire(toSchedule('minute'), at)).rejects.toThrow('no jobs today')
  const { cron, ordered } = aProcess()
  expect(await cron.fire(toSchedule('minute'), at)).toBe(true)
  expect(ordered).toEqual(['test.minute'])
})

describe('a start', () => {
  const startAt = async (time: string, every: Schedule['every'] = 'day'): Promise<string[]> => {
    const { cron, ordered } = aProcess({
      now: () => new Date(time),
      schedules: [toSchedule(every)],
    })
    await cron.start()
    await cron.stop()
    return ordered
  }

  test('makes up for the midnight that passed while nobody ran', async () => {
    expect(await startAt('2026-03-01T20:00:00+08:00')).toEqual(['test.day'])
    expect(await startAt('2026-03-02T09:30:00+08:00')).toEqual(['test.day'])
  })

  test('after days away makes up once', async () => {
    expect(await startAt('2026-03-01T20:00:00+08:00')).toEqual(['test.day'])
    expect(await startAt('2026-03-09T20:00:00+08:00')).toEqual(['test.day'])
  })

  test('later on a day that has its order gives none', async () => {
    expect(await startAt('2026-03-01T00:00:01+08:00')).toEqual(['test.day'])
    expect(await startAt('2026-03-01T23:59:59+08:00')).toEqual([])
  })
})

test('without a database neither the start nor a ring fails: both are warnings, and the next ring with one orders', async () => {
  lines.length = 0
  let on = unreachable
  const ordered: string[] = []
  const jobs = {
    add: async () => {
      ordered.push('test.minute')
    },
  }
  const cron = createCron({
    get db() {
      return on
    },
    jobs,
    schedules: [toSchedule('minute')],
    timeZone: 'Asia/Shanghai',
    clock: () => new Date(),
    log,
  })
  await cron.start()
  const task = [...nodeCron.getTasks().values()].find(({ name }) => name === 'test.minute')!
  await task.execute()
  await untilSaid(2)
  expect(ordered).toEqual([])
  on = db
  await task.execute()
  for (const end = Date.now() + 5_000; ordered.length === 0 && Date.now() < end;)
    await new Promise((resolve) => setTimeout(resolve, 10))
  expect(ordered).toEqual(['test.minute'])
  await cron.stop()
})

describe('a process that was suspended', () => {
  const written: string[] = []
  const real = { ...console }
  beforeEach(() => {
    jest.useFakeTimers({
      now: Date.parse('2026-03-01T15:59:30Z'),
      doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance', 'hrtime'],
    })
    for (const name of ['info', 'warn', 'error', 'debug', 'log'] as const)
      console[name] = (...said: unknown[]) => void written.push(said.join(' '))
  })
  afterEach(() => {
    jest.useRealTimers()
    Object.assign(console, real)
  })

  test('over an hour and a midnight makes up for every schedule when it wakes, and node-cron writes no line of its own', async () => {
    const schedules = (['minute', 'hour', 'day'] as const).map(toSchedule)
    const { cron, ordered } = aProcess({ now: () => new Date(), schedules })
    await cron.start()
    expect(ordered.splice(0).toSorted()).toEqual(['test.day', 'test.hour', 'test.minute'])
    jest.setSystemTime(Date.parse('2026-03-01T19:40:20Z'))
    jest.advanceTimersByTime(60_000)
    for (
      const patience = performance.now() + 20_000;
      ordered.length < 3 && performance.now() < patience;
    )
      await new Promise((resolve) => setImmediate(resolve))
    expect(ordered.toSorted()).toEqual(['test.day', 'test.hour', 'test.minute'])
    await cron.stop()
    expect(written).toEqual([])
  })
})

test('after a stop no clock rings', async () => {
  const { cron } = aProcess({ schedules: [toSchedule('hour')] })
  const before = nodeCron.getTasks().size
  await cron.start()
  expect(nodeCron.getTasks().size).toBe(before + 1)
  await cron.stop()
  expect(nodeCron.getTasks().size).toBe(before)
})

async function untilSaid(times: number): Promise<void> {
  const said = () =>
    lines.filter(
      (line) =>
        line.includes('"level":"warn"') && line.includes('a scheduled order could not be given'),
    ).length
  for (const end = Date.now() + 5_000; said() < times && Date.now() < end;)
    await new Promise((resolve) => setTimeout(resolve, 10))
  expect(said()).toBe(times)
}
