import { describe, expect, test } from '@jest/globals'
import { until } from '../../scripts/play/until.ts'
import { addJob, giveUp, leaveOneTry, putOff, tryAgain } from '../test/job-desk.ts'
import { ADMIN_KEY, useTown } from '../test/town.ts'

const town = useTown()

type Item = Record<string, any>
const get = (path: string) => town().server.get(`/api/admin/${path}`, ADMIN_KEY)
const jobs = async (query = ''): Promise<Item> => (await get(`jobs${query}`)).body.data
const settleJob = (id: string, verb: string, body: object = { reason: '平台已恢复' }) =>
  town().server.post(`/api/admin/jobs/${id}/${verb}`, body, ADMIN_KEY)
const fail = (path: string, times: number) =>
  town().control.post('/_sandbox/faults', { endpoints: [{ path, errcode: 45009, times }] })

/** A job of the runner, and one of a lane, that met a platform which refuses. */
const KINDS = [
  ['kf.pull', 'kf/sync_msg', /^runner-\d+$/],
  ['contacts.refresh', 'externalcontact/get', /^lane-\d+$/],
] as const

async function failing(name: string, path: string): Promise<string> {
  const { people, server } = town()
  await fail(path, 50)
  const customer = await people.arrive()
  if (name === 'kf.pull') await customer.say('你好')
  else {
    await people.add('zhangsan', customer.phone)
    await customer.signIn()
    await server.post('/api/admin/reconciliations', undefined, ADMIN_KEY)
  }
  return until(
    'a job that fails',
    async () =>
      (await jobs('?state=retrying')).items.find((job: Item) => job['lastError'] !== undefined)?.id,
  )
}

describe('work that is not done', () => {
  test.each(KINDS)(
    '%s: is listed with why, tried again at once, and then done',
    async (name, path, id) => {
      const { control, settle } = town()
      const failed = await failing(name, path)
      expect(failed).toMatch(id)
      const { items, counts } = await jobs()
      expect(items.find((job: Item) => job['id'] === failed)).toMatchObject({
        state: 'retrying',
        attempts: expect.any(Number),
        lastError: expect.stringContaining('45009'),
      })
      expect(counts.retrying).toBeGreaterThan(0)
      await control.post('/_sandbox/faults', { clear: true })
      expect(await settleJob(failed, 'retry')).toMatchObject({ status: 200 })
      await settle()
      expect((await jobs()).items.map((job: Item) => job['id'])).not.toContain(failed)
      expect((await get('operations?operation=job.retried')).body.data.items).toMatchObject([
        {
          target: { type: 'job', id: failed },
          reason: '平台已恢复',
          before: { state: 'retrying' },
        },
      ])
      expect(await settleJob(failed, 'retry')).toMatchObject({
        status: 404,
        body: { error: { code: 'jobs.unknown' } },
      })
    },
  )

  test.each(KINDS)(
    '%s: what failed for good stands first, and can be dismissed',
    async (name, path, _id) => {
      const { db } = town()
      const failed = await failing(name, path)
      const kind = (await jobs()).items.find((job: Item) => job['id'] === failed).name as string
      await leaveOneTry(db, kind)
      await tryAgain(db, kind)
      await until('it failed for good', async () =>
        (await jobs('?state=failed')).items.some((job: Item) => job['id'] === failed)
          ? true
          : undefined,
      )
      expect((await jobs()).items[0]).toMatchObject({ id: failed, state: 'failed' })
      expect(await settleJob(failed, 'dismiss')).toMatchObject({
        status: 200,
        body: { data: { id: failed } },
      })
      expect((await jobs('?state=failed')).items).toEqual([])
      expect((await get('operations?operation=job.dismissed')).body.data.items).toHaveLength(1)
    },
  )

  test.each([
    ['lane-999999', 404],
    ['runner-999999', 404],
    ['lane-x', 400],
    ['12', 400],
  ])('of %s nothing is known', async (id, status) => {
    expect((await settleJob(id, 'retry')).status).toBe(status)
    expect((await settleJob(id, 'dismiss')).status).toBe(status)
    expect((await settleJob('lane-1', 'retry', {})).status).toBe(400)
  })
})

test('a list longer than a page goes on behind the last job, whatever has failed or comes meanwhile', async () => {
  const { db } = town()
  const addLater = async (name: string): Promise<void> => {
    await addJob(db, name)
    await putOff(db, name)
  }
  for (const name of ['story.one', 'story.two', 'story.three', 'story.four']) await addLater(name)
  await giveUp(db, 'story.three')
  const all = (await jobs()).items.map((job: Item) => job['id'])
  expect(all).toHaveLength(4)
  const first = await jobs('?limit=2')
  await addLater('story.five')
  const second = await jobs(`?limit=2&cursor=${first.nextCursor}`)
  expect([...first.items, ...second.items].map((job: Item) => job['id'])).toEqual(all)
  expect(first.items[0]).toMatchObject({ name: 'story.three', state: 'failed' })
  const third = await jobs(`?limit=2&cursor=${second.nextCursor}`)
  expect(third).toMatchObject({ items: [{ name: 'story.five' }] })
  expect(third.nextCursor).toBeUndefined()
  expect((await get('jobs?cursor=nonsense')).status).toBe(400)
})

test('what the platforms have told is listed, page by page, without what was in it', async () => {
  const { people, settle, db } = town()
  const customer = await people.arrive()
  await people.add('zhangsan', customer.phone)
  await customer.say('你好')
  await settle()
  const first = (await get('callbacks?limit=1')).body.data
  expect(first.items).toMatchObject([{ source: 'wecom', drainedAt: expect.any(String) }])
  const second = (await get(`callbacks?limit=1&cursor=${first.nextCursor}`)).body.data
  expect(second.items[0].id).toBeLessThan(first.items[0].id)
  expect(JSON.stringify(first)).not.toContain('xml')
  expect((await get('callbacks?state=aside')).body.data.items).toEqual([])
  await db('callback_inbox').where({ id: first.items[0].id }).update({ set_aside: 'lacks Event' })
  expect((await get('callbacks?state=aside')).body.data.items).toMatchObject([
    { setAside: 'lacks Event' },
  ])
  expect((await get('callbacks?state=waiting')).body.data.items).toEqual([])
})

test('how contacts came and went is listed, of one or of all, with masked phones', async () => {
  const { people, settle } = town()
  const [one, other] = [await people.arrive(), await people.arrive()]
  await people.add('zhangsan', one.phone)
  await people.add('lisi', other.phone)
  await settle()
  await people.remove('zhangsan', { phone: one.phone })
  await settle()
  const of = async (query: string): Promise<Item[]> => (await get(`events${query}`)).body.data.items
  const his = await of(`?externalUserId=${one.externalUserid}`)
  expect(his.map(({ type }) => type)).toEqual(['del_external_contact', 'add_external_contact'])
  expect(his.at(-1)).toMatchObject({
    userid: 'zhangsan',
    addWay: 2,
    phoneMasked: `${one.phone.slice(0, 3)}****${one.phone.slice(7)}`,
  })
  expect((await of('')).length).toBe(3)
  expect(JSON.stringify(await of(''))).not.toContain(one.phone)
  for (const query of ['?cursor=x', '?limit=0', '?externalUserId=zhangsan'])
    expect((await get(`events${query}`)).status).toBe(400)
})
