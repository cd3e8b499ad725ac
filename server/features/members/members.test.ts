import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { createFacts } from '../../lib/facts.ts'
import {
  keptLog,
  memoryTokens,
  startScriptedPlatform,
  type SeenRequest,
} from '../../lib/http-client.scripted.ts'
import type { Job } from '../../lib/jobs.ts'
import type { Log } from '../../lib/log.ts'
import { createWecom, type Wecom } from '../../outside/wecom/wecom.ts'
import { testDatabase, type TestDatabase } from '../../test/database.ts'
import type { Fact } from '../facts.ts'
import type { WecomEvent } from '../../outside/wecom/wecom.event.ts'
import { membersRoom } from './members.room.ts'
import { pageDue } from './members.store.ts'
import { createMembers, type Members } from './members.ts'

const GET = '/cgi-bin/user/get'
const START = new Date('2026-03-02T01:00:00Z')
const HOUR = 3_600_000

const platform = await startScriptedPlatform()
const log = keptLog()
const left: unknown[] = []
let now = START
let mayPublish = true
let database: TestDatabase
let wecom: Wecom
let members: Members

beforeAll(async () => {
  database = await testDatabase()
  wecom = createWecom({
    baseUrl: platform.baseUrl,
    corpId: 'ww1',
    agentId: 1,
    contactSecret: 's',
    kfSecret: 's',
    tokens: memoryTokens(),
    log,
  })
  const add = async (_: unknown, jobs: readonly Job[]) => {
    if (!mayPublish) throw new Error('no jobs today')
    left.push(...jobs.map(({ payload }) => payload['userId']))
  }
  const facts = createFacts<Fact>({ add })
  facts.listen({ 'member.left': [({ userId }) => ({ name: 'heard', payload: { userId } })] })
  members = createMembers({
    db: database.db,
    platforms: wecom,
    facts,
    clock: () => now,
    log: log as unknown as Log,
  })
})
afterAll(async () => {
  await wecom.close()
  await platform.stop()
})
beforeEach(async () => {
  await database.clear()
  platform.reset()
  platform.script('/cgi-bin/gettoken', { errcode: 0, access_token: 't', expires_in: 7200 })
  platform.script(GET, ({ query }) => ({
    errcode: 0,
    userid: query['userid'],
    name: `姓名-${query['userid'] ?? ''}`,
    status: 1,
  }))
  log.lines.length = left.length = 0
  now = START
  mayPublish = true
})

const asked = () => platform.seen(GET).map(({ query }) => query['userid'] ?? '')
const rowOf = (userid: string) =>
  database.db('members').where({ userid }).first('name', 'standing', 'checked_at')
const answer = (...answers: Record<string, unknown>[]) => platform.script(GET, ...answers)
const passHours = (hours: number) => {
  now = new Date(now.getTime() + hours * HOUR)
}
const signIn = (userid: string, expiresAt = new Date(START.getTime() + 12 * HOUR)) =>
  database
    .db('staff_sessions')
    .insert({ token_hash: Buffer.from(userid), userid, created_at: START, expires_at: expiresAt })
async function follow(userid: string, endedAt: Date | null = null): Promise<void> {
  await database.db('contacts').insert({ external_userid: 'wm1' }).onConflict().ignore()
  await database.db('contact_follows').insert({
    external_userid: 'wm1',
    userid,
    add_way: 2,
    followed_at: START,
    fetched_at: START,
    ended_at: endedAt,
  })
}

describe('a look at one member', () => {
  test('keeps name and standing, and the time of the question', async () => {
    await members.refresh('sunli')
    expect(await rowOf('sunli')).toEqual({
      name: '姓名-sunli',
      standing: 'active',
      checked_at: START,
    })
    expect(left).toEqual([])
  })

  test.each([
    ['gone', { errcode: 60111 }, ['sunli']],
    ['gone', { errcode: 0, name: '孙丽', status: 5 }, ['sunli']],
    ['disabled', { errcode: 0, name: '姓名-sunli', status: 2 }, ['sunli']],
    ['hidden', { errcode: 60011 }, []],
  ])('then %s (%j): the name stays, and who has left is told', async (standing, said, told) => {
    await members.refresh('sunli')
    answer(said)
    await members.refresh('sunli')
    expect(await rowOf('sunli')).toMatchObject({ name: '姓名-sunli', standing })
    expect(left).toEqual(told)
  })

  test('somebody never seen may turn out gone, and is told again by the next look', async () => {
    answer({ errcode: 60111 })
    await members.refresh('sunli')
    await members.refresh('sunli')
    expect(await rowOf('sunli')).toMatchObject({ name: null, standing: 'gone' })
    expect(left).toEqual(['sunli', 'sunli'])
  })

  test('who comes back is active again', async () => {
    answer({ errcode: 60111 }, { errcode: 0, name: '孙丽', status: 1 })
    await members.refresh('sunli')
    await members.refresh('sunli')
    expect(await rowOf('sunli')).toMatchObject({ name: '孙丽', standing: 'active' })
  })

  test('an answer to an older question replaces nothing and tells nothing', async () => {
    await members.refresh('sunli')
    passHours(-1)
    answer({ errcode: 60111 })
    await members.refresh('sunli')
    expect(await rowOf('sunli')).toMatchObject({ standing: 'active', checked_at: START })
    expect(left).toEqual([])
  })

  test('a fact that cannot be told makes nothing true', async () => {
    await members.refresh('sunli')
    answer({ errcode: 60111 })
    mayPublish = false
    await expect(members.refresh('sunli')).rejects.toThrow('no jobs today')
    expect(await rowOf('sunli')).toMatchObject({ standing: 'active' })
  })

  test('a failure is thrown and changes nothing', async () => {
    answer({ errcode: 48002 })
    await expect(members.refresh('sunli')).rejects.toMatchObject({ errcode: 48002 })
    expect(await rowOf('sunli')).toBeUndefined()
  })
})

describe('names', () => {
  test('of one and of several; who has none is left out', async () => {
    await members.refresh('sunli')
    await members.refresh('lisi')
    answer({ errcode: 60011 })
    await members.refresh('nameless')
    expect(await members.nameOf('sunli')).toBe('姓名-sunli')
    expect([await members.nameOf('nameless'), await members.nameOf('nobody')]).toEqual([null, null])
    expect(await members.namesOf(['sunli', 'lisi', 'nameless', 'nobody'])).toEqual(
      new Map([
        ['sunli', '姓名-sunli'],
        ['lisi', '姓名-lisi'],
      ]),
    )
    expect(await members.namesOf([])).toEqual(new Map())
  })
})

describe('learning', () => {
  const added = {
    kind: 'contact-changed',
    change: 'added',
    userId: 'sunli',
    externalUserId: 'wm1',
    at: START,
  } as const

  const hear = (event: WecomEvent) =>
    membersRoom(members).onPlatformEvent!(event, { id: 1, receivedAt: START })

  test('is ordered when a member gets a customer, once however many he gets', () => {
    expect(hear(added)).toEqual([
      { name: 'members.learn', payload: { userId: 'sunli' }, key: 'members.learn:sunli' },
    ])
    expect(hear({ ...added, change: 'edited' })).toEqual([])
    expect(hear({ kind: 'other' })).toEqual([])
  })

  test('asks about the unknown, once a day', async () => {
    await members.learn('sunli')
    await members.learn('sunli')
    passHours(25)
    await members.learn('sunli')
    expect(asked()).toEqual(['sunli', 'sunli'])
  })

  test('leaves a failure to the next round', async () => {
    await follow('sunli')
    answer({ errcode: 45009 }, { errcode: 0, name: '孙丽', status: 1 })
    await members.learn('sunli')
    expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1)
    await members.refreshDue()
    expect(await members.nameOf('sunli')).toBe('孙丽')
  })
})

describe('the round', () => {
  test('looks hourly at who is signed in, daily at who is followed, and at nobody else', async () => {
    await signIn('sunli')
    await signIn('over', START)
    await follow('lisi')
    await follow('former', START)
    await members.refreshDue()
    expect(asked().toSorted()).toEqual(['lisi', 'sunli'])
    passHours(1)
    await members.refreshDue()
    expect(asked().slice(2)).toEqual(['sunli'])
    passHours(23)
    await members.refreshDue()
    expect(asked().slice(3)).toEqual(['lisi'])
  })

  test('a round again in the same hour asks nobody', async () => {
    await signIn('sunli')
    await follow('sunli')
    await members.refreshDue()
    await members.refreshDue()
    expect(asked()).toEqual(['sunli'])
  })

  test('one who cannot be looked up stops nobody, and is asked about in the next round', async () => {
    await Promise.all(['a', 'b', 'c'].map((userid) => follow(userid)))
    platform.script(GET, ({ query }: SeenRequest) =>
      query['userid'] === 'a' && platform.seen(GET).length <= 3
        ? { errcode: 45009 }
        : { errcode: 0, name: '名', status: 1 },
    )
    await members.refreshDue()
    expect(await database.db('members').orderBy('userid').pluck<string[]>('userid')).toEqual([
      'b',
      'c',
    ])
    expect(log.lines.filter(({ level }) => level === 'warn')).toMatchObject([
      { text: expect.stringContaining('could not be looked up') },
    ])
    await members.refreshDue()
    expect(asked().slice(3)).toEqual(['a'])
  })

  test('takes who is signed in first, then the unknown, then who was looked at longest ago', async () => {
    await Promise.all(['a', 'b', 'c', 'd'].map((userid) => follow(userid)))
    await signIn('d')
    await members.refresh('d')
    passHours(1)
    await members.refresh('b')
    passHours(1)
    await members.refresh('a')
    const due = (limit: number) =>
      pageDue(database.db, { now, signedInBefore: now, followingBefore: now, limit })
    expect(await due(9)).toEqual(['d', 'c', 'b', 'a'])
    expect(await due(2)).toEqual(['d', 'c'])
  })

  test('a handful who always fail do not starve those behind them: the next round begins with these', async () => {
    await Promise.all(['a', 'b', 'c', 'd', 'e', 'z'].map((userid) => follow(userid)))
    platform.script(GET, ({ query }: SeenRequest) =>
      query['userid'] === 'z' ? { errcode: 0, name: '名', status: 1 } : { errcode: 40003 },
    )
    await signIn('a')
    await members.refreshDue()
    expect(asked().toSorted()).toEqual(['a', 'b', 'c', 'd', 'e'])
    passHours(1)
    await members.refreshDue()
    expect(await members.nameOf('z')).toBe('名')
  })

  test('whoever was looked up after a failure has his place again', async () => {
    await Promise.all(['a', 'b'].map((userid) => follow(userid)))
    answer({ errcode: 45009 }, { errcode: 0, name: '名', status: 1 })
    await members.learn('a')
    const due = () =>
      pageDue(database.db, { now, signedInBefore: now, followingBefore: now, limit: 9 })
    expect(await due()).toEqual(['b', 'a'])
    passHours(1)
    await members.learn('a')
    passHours(1)
    await members.learn('b')
    expect(await due()).toEqual(['a', 'b'])
  })

  test('ends when a handful fails: the trouble is not theirs', async () => {
    await Promise.all(Array.from({ length: 12 }, (_, index) => follow(`m${String(index)}`)))
    answer({ errcode: 60020, errmsg: 'not allow to access from your ip' })
    await members.refreshDue()
    expect(asked()).toHaveLength(5)
  })
})
