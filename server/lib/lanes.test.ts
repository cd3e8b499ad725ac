import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'

import { testDatabase, type TestDatabase } from '../test/database.ts'
import { waitFor as until } from '../test/wait.ts'
import { createJobs, type Job, type Jobs } from './jobs.ts'
import { createLog } from './log.ts'

let database: TestDatabase
const crews: Jobs[] = []
const done: string[] = []
const lines: string[] = []
const log = createLog({ destination: { write: (line: string) => void lines.push(line) } })
let onNote: (what: string) => Promise<void> = async () => {}

beforeAll(async () => {
  database = await testDatabase()
})
beforeEach(async () => {
  await database.clear()
  done.length = 0
  lines.length = 0
  onNote = async () => {}
})
afterEach(stopAll)
afterAll(stopAll)

async function stopAll(): Promise<void> {
  await Promise.all(crews.splice(0).map((jobs) => jobs.stop()))
}

/** So many processes, as far as the database can tell. */
async function start(count = 1): Promise<Jobs[]> {
  const { connectionString, db } = database
  const started = Array.from({ length: count }, () => createJobs({ connectionString, db, log }))
  for (const jobs of started) {
    jobs.handle([
      {
        name: 'note',
        handle: async ({ what }) => {
          await onNote(String(what))
          done.push(String(what))
        },
      },
    ])
    await jobs.start()
  }
  crews.push(...started)
  return started
}

const note = (lane: string, what: string, more: Partial<Job> = {}): Job => ({
  name: 'note',
  payload: { what },
  lane,
  ...more,
})
const isEmpty = async () => (await database.db('lane_jobs').first('id')) === undefined
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

describe('the jobs of a lane', () => {
  test('run one after the other in the order in which they were added, also in four processes', async () => {
    const [jobs, ...others] = await start(4)
    let atOnce = 0
    onNote = async () => {
      atOnce += 1
      expect(atOnce).toBe(1)
      await pause(5)
      atOnce -= 1
    }
    const whats = Array.from({ length: 20 }, (_, at) => String(at))
    await jobs!.add(
      database.db,
      whats.slice(0, 10).map((what) => note('one', what)),
    )
    for (const [at, what] of whats.slice(10).entries())
      await others[at % 3]!.add(database.db, [note('one', what)])
    await until('all', () => done.length === 20)
    expect(done).toEqual(whats)
    await until('nothing to be left', isEmpty)
  })

  test('do not wait for another lane', async () => {
    const [jobs] = await start()
    onNote = (what) => (what === 'slow' ? pause(400) : Promise.resolve())
    await jobs!.add(database.db, [note('slow', 'slow'), note('slow', 'behind'), note('b', 'quick')])
    await until('all', () => done.length === 3)
    expect(done).toEqual(['quick', 'slow', 'behind'])
  })

  test('leave no row behind, however many lanes there were', async () => {
    const [jobs] = await start()
    for (let at = 0; at < 10; at += 1)
      await jobs!.add(
        database.db,
        Array.from({ length: 1_000 }, (_, of) => note(`lane ${String(at * 1_000 + of)}`, 'x')),
      )
    await until('all', () => done.length === 10_000, 60)
    await until('nothing to be left', isEmpty)
    const { rows } = await database.db.raw<{ rows: { count: string }[] }>(
      'select count(*) from graphile_worker._private_job_queues',
    )
    expect(rows).toEqual([{ count: 0 }])
  })
})

describe('a job that fails', () => {
  test('holds up neither what is behind it in its lane nor other lanes, and is tried again', async () => {
    const [jobs] = await start()
    let fails = true
    onNote = async (what) => {
      if (what === 'bad' && fails) throw new Error('not yet')
    }
    await jobs!.add(database.db, [note('a', 'bad'), note('a', 'good'), note('b', 'other')])
    await until('the others', () => done.length === 2)
    expect(done.toSorted()).toEqual(['good', 'other'])
    const waits = await until('it to be noted', () =>
      database
        .db('lane_jobs')
        .whereNull('locked_by')
        .first<{ run_at: Date } | undefined>('attempts', 'last_error', 'run_at'),
    )
    expect(waits).toMatchObject({ attempts: 1, last_error: 'Error: not yet' })
    expect(waits.run_at > new Date()).toBe(true)
    fails = false
    await until('the next try', () => done.includes('bad'))
    await until('nothing to be left', isEmpty)
  })

  test('for the last time stays where it can be seen', async () => {
    const [jobs] = await start()
    onNote = () => Promise.reject(new Error('never'))
    await jobs!.add(database.db, [note('a', 'bad', { maxAttempts: 1 })])
    await until('it to be given up', () =>
      lines.some((line) => line.includes('a job failed for good')),
    )
    await until('it to be noted', () =>
      database.db('lane_jobs').whereNull('locked_by').first({ last: 'last_error' }),
    )
    expect(await database.db('lane_jobs').select('attempts', 'max_attempts')).toEqual([
      { attempts: 1, max_attempts: 1 },
    ])
  })

  test('gives way to one of the same key that came meanwhile', async () => {
    const [jobs] = await start()
    onNote = async (what) => {
      if (what !== 'first') return
      await jobs!.add(database.db, [note('a', 'second', { key: 'k' })])
      throw new Error('gone wrong')
    }
    await jobs!.add(database.db, [note('a', 'first', { key: 'k' })])
    await until('the second', () => done.includes('second'))
    await until('nothing to be left', isEmpty)
    expect(done).toEqual(['second'])
  })
})

describe('a key', () => {
  test('names one waiting job: the later one takes its place', async () => {
    const [jobs] = await start()
    const runAt = new Date(Date.now() + 150)
    await jobs!.add(database.db, [note('a', 'old', { key: 'k', runAt }), note('a', 'b')])
    await jobs!.add(database.db, [note('a', 'new', { key: 'k', runAt })])
    await until('both', () => done.length === 2)
    await pause(50)
    expect(done).toEqual(['b', 'new'])
  })

  test('that comes again while its job runs means another run', async () => {
    const [jobs] = await start()
    onNote = async (what) => {
      if (what === 'first') await jobs!.add(database.db, [note('a', 'again', { key: 'k' })])
    }
    await jobs!.add(database.db, [note('a', 'first', { key: 'k' })])
    await until('both', () => done.length === 2)
    expect(done).toEqual(['first', 'again'])
  })
})

describe('what a process leaves', () => {
  test('is given back when it stops, but for the job under way, which is finished', async () => {
    const [jobs] = await start()
    let release = (): void => {}
    onNote = (what) =>
      what === 'begun' ? new Promise<void>((resolve) => (release = resolve)) : Promise.resolve()
    await jobs!.add(database.db, [note('a', 'begun'), note('a', 'behind')])
    await until('it to begin', () =>
      database.db('lane_jobs').whereNotNull('locked_by').first({ id: 'id' }),
    )
    const stopped = stopAll()
    await pause(50)
    release()
    await stopped
    expect(done).toEqual(['begun'])
    expect(await database.db('lane_jobs').select('payload', 'attempts', 'locked_by')).toEqual([
      { payload: { what: 'behind' }, attempts: 0, locked_by: null },
    ])
    await start()
    await until('the rest', () => done.length === 2)
  })

  test('is done by another when it was killed', async () => {
    await database.db('lane_jobs').insert({
      lane: 'a',
      name: 'note',
      payload: { what: 'orphan' },
      run_at: new Date(),
      attempts: 1,
      max_attempts: 25,
      locked_by: 'a process that is no more',
      locked_at: new Date(Date.now() - 10_000),
    })
    await start()
    await until('it', () => done.length === 1)
    expect(lines.some((line) => line.includes('jobs of a process that died were freed'))).toBe(true)
  })

  test('that nobody here can do waits for somebody who can', async () => {
    const [jobs] = await start()
    await jobs!.add(database.db, [{ ...note('a', 'x'), name: 'unheard of' }, note('a', 'known')])
    await until('the other to leave', async () => {
      const left = await database.db('lane_jobs').pluck('name')
      return done.length === 1 && left.join() === 'unheard of'
    })
  })
})

test('a job of a transaction that is rolled back never runs', async () => {
  const [jobs] = await start()
  await expect(
    database.db.transaction(async (db) => {
      await jobs!.add(db, [note('a', 'never')])
      throw new Error('changed my mind')
    }),
  ).rejects.toThrow('changed my mind')
  await jobs!.add(database.db, [note('a', 'after')])
  await until('the later one', () => done.length > 0)
  expect(done).toEqual(['after'])
})
