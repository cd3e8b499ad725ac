import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { testDatabase, type TestDatabase } from '../test/database.ts'
import { until } from '../../scripts/play/until.ts'
import { createJobs, type Jobs } from './jobs.ts'
import { createLog } from './log.ts'

let database: TestDatabase
let jobs: Jobs
const done: string[] = []
const lines: string[] = []

beforeAll(async () => {
  database = await testDatabase()
  jobs = createJobs({
    connectionString: database.connectionString,
    db: database.db,
    log: createLog({
      level: 'debug',
      destination: { write: (line: string) => void lines.push(line) },
    }),
  })
  const handleNote = async ({ what, ms }: Record<string, unknown>): Promise<void> => {
    if (typeof ms === 'number') await new Promise((resolve) => setTimeout(resolve, ms))
    done.push(String(what))
  }
  const handleFail = () => Promise.reject(new Error('the phone is 13800138000'))
  jobs.handle([
    { name: 'note', handle: handleNote },
    { name: 'fail', handle: handleFail },
  ])
  await jobs.start()
})
afterAll(() => jobs.stop())

const note = (what: string, more: object = {}) => ({
  name: 'note',
  payload: { what, ...('ms' in more ? { ms: more.ms } : {}) },
  ...more,
})

test('a batch may name one key several times: the last one is done, once', async () => {
  await jobs.add(database.db, [note('a', { key: 'k' }), note('other'), note('b', { key: 'k' })])
  await until('both', async () => done.length === 2)
  expect(done.splice(0).sort()).toEqual(['b', 'other'])
})

test('jobs of one queue keep their order', async () => {
  await jobs.add(database.db, [
    note('1', { queue: 'q', ms: 40 }),
    note('2', { queue: 'q' }),
    note('3', { queue: 'q' }),
  ])
  await until('all three', async () => done.length === 3)
  expect(done.splice(0)).toEqual(['1', '2', '3'])
})

test('a job added in a transaction that is rolled back never runs', async () => {
  await expect(
    database.db.transaction(async (db) => {
      await jobs.add(db, [note('never')])
      throw new Error('changed my mind')
    }),
  ).rejects.toThrow('changed my mind')
  await jobs.add(database.db, [note('after')])
  await until('the later one', async () => done.length > 0)
  expect(done.splice(0)).toEqual(['after'])
})

test('a key that comes again while its job runs means another run', async () => {
  await jobs.add(database.db, [note('first', { key: 'again', ms: 100 })])
  await until(
    'it to run',
    async () =>
      (await database.db('graphile_worker.jobs').whereNotNull('locked_at').first('id')) !==
      undefined,
  )
  await jobs.add(database.db, [note('second', { key: 'again' })])
  await until('both', async () => done.length === 2)
  expect(done.splice(0).sort()).toEqual(['first', 'second'])
})

test('a failure is a warning with its masked reason while it will be tried again, an error when it will not', async () => {
  await jobs.add(database.db, [
    { name: 'fail', payload: {}, maxAttempts: 1 },
    { name: 'fail', payload: {}, maxAttempts: 2 },
  ])
  await until(
    'two lines',
    async () => lines.filter((line) => line.includes('"job":"fail"')).length === 2,
  )
  const [levels, text] = [
    lines
      .filter((line) => line.includes('"job":"fail"'))
      .map((line) => JSON.parse(line).level as string)
      .sort(),
    lines.join('\n'),
  ]
  expect(levels).toEqual(['error', 'warn'])
  expect(text).toContain('the phone is 138****8000')
  expect(text).not.toContain('13800138000')
})
