import { beforeEach, expect, test } from '@jest/globals'
import { testDatabase } from '../test/database.ts'
import { createClockDoubts, findClockDoubt } from './clock-doubts.ts'
import { createLog } from './log.ts'

const { db, clear } = await testDatabase()
const lines: string[] = []
const log = createLog({
  level: 'debug',
  destination: { write: (line: string) => void lines.push(line) },
})
beforeEach(async () => {
  await clear()
  lines.length = 0
})

const nowSeconds = Math.floor(Date.now() / 1_000)
/** A process whose clock is so far ahead. */
const aProcess = (aheadSeconds: number, on = db) =>
  createClockDoubts({ db: on, clock: () => new Date((nowSeconds + aheadSeconds) * 1_000), log })
const said = (): unknown[] => lines.map((line) => JSON.parse(line) as unknown)
const minutePasses = () =>
  db('clock_doubts').update({ doubted_at: db.raw(`doubted_at - interval '61 seconds'`) })

test('however many callbacks are refused, all processes together say it once a minute, whatever their clocks show', async () => {
  const processes = [aProcess(400), aProcess(-9_000), aProcess(86_400)]
  const refuse = () =>
    Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        processes[index % 3]!.note('wecom', String(nowSeconds)),
      ),
    )
  await refuse()
  await refuse()
  expect(said()).toEqual([
    expect.objectContaining({
      level: 'error',
      msg: expect.stringContaining('the clock of this server may be wrong'),
    }),
  ])
  await minutePasses()
  await refuse()
  expect(said()).toHaveLength(2)
})

test('how far it is off is told, and how the doctor learns it for a day', async () => {
  expect(await findClockDoubt(db)).toBeUndefined()
  await aProcess(-400).note('official', String(nowSeconds))
  expect(said()).toEqual([expect.objectContaining({ door: 'official', offSeconds: -400 })])
  expect(await findClockDoubt(db)).toMatchObject({ door: 'official', offSeconds: -400 })
  await db('clock_doubts').update({ doubted_at: db.raw(`now() - interval '25 hours'`) })
  expect(await findClockDoubt(db)).toBeUndefined()
})

test('what is no time is no doubt', async () => {
  for (const timestamp of [undefined, 'soon', ['1', '2']])
    await aProcess(0).note('wecom', timestamp)
  expect(await db('clock_doubts')).toEqual([])
})
