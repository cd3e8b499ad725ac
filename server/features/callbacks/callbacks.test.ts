import { beforeAll, beforeEach, expect, test } from '@jest/globals'
import { createJobs } from '../../lib/jobs.ts'
import { createSecrets } from '../../lib/secrets.ts'
import { createErasures } from '../erasures/erasures.ts'
import { createLog } from '../../lib/log.ts'
import { testDatabase, type TestDatabase } from '../../test/database.ts'
import { createCallbacks, type Callbacks } from './callbacks.ts'

let database: TestDatabase
let callbacks: Callbacks
const lines: string[] = []

beforeAll(async () => {
  database = await testDatabase()
  const { db, connectionString } = database
  const log = createLog({ destination: { write: (line: string) => void lines.push(line) } })
  callbacks = createCallbacks({
    db,
    log,
    clock: () => new Date(),
    erasures: createErasures({ secrets: createSecrets('callbacks-secret-0123456789') }),
    jobs: createJobs({ db, connectionString, log }),
    read: ({ payload }) => {
      if (payload === 'unreadable') throw new SyntaxError('what is this')
      return { kind: 'other', event: payload, ...(payload === 'lacking' && { lacks: 'UserID' }) }
    },
  })
  callbacks.listen((event) => {
    if (event.kind === 'other' && event.event === 'unheard') throw new Error('deaf')
    const isLong = event.kind === 'other' && event.event === 'too long'
    return [{ name: 'test.heard', payload: { ...event }, lane: isLong ? 'q'.repeat(200) : 'q' }]
  })
})
beforeEach(async () => {
  await database.clear()
  lines.length = 0
})

test.each([
  ['unreadable', 'SyntaxError'],
  ['lacking', 'lacks UserID'],
  ['unheard', 'Error'],
  ['too long', '23514'],
])(
  'a callback that is %s is set aside with its reason, and those before and behind it are heard',
  async (broken, reason) => {
    const { db } = database
    for (const payload of ['first', broken, 'second']) await callbacks.keep('wecom', payload)
    await db('lane_jobs').delete()
    await callbacks.drain()
    const jobs = await db('lane_jobs').orderBy('id').pluck<{ event: string }[]>('payload')
    expect(jobs.map(({ event }) => event)).toEqual(['first', 'second'])
    expect(await db('callback_inbox').whereNull('drained_at')).toEqual([])
    const [aside, ...more] = await db('callback_inbox')
      .whereNotNull('set_aside')
      .select<{ payload: string; set_aside: string }[]>('payload', 'set_aside')
    expect(more).toEqual([])
    expect(aside!.payload).toBe(broken)
    expect(aside!.set_aside.startsWith(reason)).toBe(true)
    expect(lines.filter((line) => line.includes('"level":"error"'))).toHaveLength(1)
  },
)

test('a callback that arrives while others are being drained waits for its own turn', async () => {
  const { db } = database
  await callbacks.keep('wecom', 'first')
  await callbacks.keep('wecom', 'late')
  const held = await db.transaction()
  await held('callback_inbox').where({ payload: 'late' }).forUpdate().first('id') // another process drains it
  await callbacks.drain()
  await held.rollback()
  expect(await db('callback_inbox').whereNull('drained_at').pluck('payload')).toEqual(['late'])
  await callbacks.drain()
  expect(await db('callback_inbox').whereNull('drained_at')).toEqual([])
  const heard = await db('lane_jobs').pluck<{ event?: string }[]>('payload')
  expect(heard.flatMap(({ event }) => event ?? []).toSorted()).toEqual(['first', 'late'])
})
