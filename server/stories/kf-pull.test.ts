import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { botTexts } from '../../scripts/play/people.ts'
import { sandboxCredentials } from '../../scripts/sandbox/base/credentials.ts'
import { openGate, type Gate } from '../test/gate.ts'
import { useTown } from '../test/town.ts'
import { waitFor } from '../test/wait.ts'
import { addJob, leaveOneTry, listJobs, tryAgain } from '../test/job-desk.ts'

/** Between the server and WeCom. */
let gate: Gate
const policy: Record<string, string> = {}
beforeAll(async () => {
  gate = await openGate(() => town().sandbox.url)
  policy['WECOM_API_BASE'] = `${gate.url}/wecom`
})
const town = useTown(policy)
afterAll(() => gate.close())

const NOT_BOUND = expect.stringContaining('您还没有绑定小程序')
const ELSEWHERE = 'where another process has come to'

const jobsOf = (name: string) => listJobs(town().db, name)
const failed = (name: string) =>
  waitFor(
    `a failure of ${name}`,
    async () => (await jobsOf(name).where('attempts', '>', 0).whereNull('locked_at')).length > 0,
  )
const runAgain = (name: string) => tryAgain(town().db, name)
const order = (name: string) => addJob(town().db, name)
const cursors = (): Promise<string[]> => town().db('kf_cursors').pluck('cursor')
const kept = async (externalUserId: string) =>
  (await town().db('kf_messages').where({ external_userid: externalUserId, origin: 'customer' }))
    .length

describe('a page and its cursor', () => {
  test.each([
    [
      'the first page of an account',
      false,
      (cursor: string) =>
        town().db('kf_cursors').insert({ open_kfid: sandboxCredentials.openKfId, cursor }),
    ],
    ['a later page', true, (cursor: string) => town().db('kf_cursors').update({ cursor })],
  ])('that another process has overtaken are not kept: %s', async (_, isLater, overtake) => {
    const { people, settle, db } = town()
    const customer = await people.arrive()
    if (isLater) {
      await (await people.arrive()).say('你好')
      await settle()
    }
    const before = await cursors()
    const held = gate.hold('/kf/sync_msg', 'answer')
    await customer.say('解绑')
    await held.reached
    await overtake(ELSEWHERE)
    held.release()
    await failed('kf.pull')
    expect([await kept(customer.externalUserid), await cursors()]).toEqual([0, [ELSEWHERE]])
    await (before.length === 0
      ? db('kf_cursors').delete()
      : db('kf_cursors').update({ cursor: before[0]! }))
    await runAgain('kf.pull')
    await settle()
    expect(botTexts(await customer.chat())).toEqual([NOT_BOUND])
  })

  test('are kept together or not at all', async () => {
    const { people, settle, db } = town()
    const customer = await people.arrive()
    await db.raw(`
      create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no commit'; end $$;
      create constraint trigger refuse after insert on kf_messages deferrable initially deferred for each row execute function refuse()`)
    try {
      await customer.say('解绑')
      await failed('kf.pull')
      expect([await kept(customer.externalUserid), await cursors()]).toEqual([0, []])
    } finally {
      await db.raw('drop function refuse() cascade')
    }
    await runAgain('kf.pull')
    await settle()
    expect(botTexts(await customer.chat())).toEqual([NOT_BOUND])
  })
})

test('a message that always fails is set aside, and those behind it are answered', async () => {
  const { people, settle, db } = town()
  const customer = await people.arrive()
  await db('kf_messages').insert({
    open_kfid: sandboxCredentials.openKfId,
    msgid: 'poison',
    external_userid: customer.externalUserid,
    origin: 'customer',
    intent: { kind: 'deny', pendingId: 'no uuid' },
    sent_at: new Date(),
    received_at: new Date(),
  })
  await customer.say('解绑')
  await failed('kf.handle')
  await leaveOneTry(db, 'kf.handle')
  await runAgain('kf.handle')
  await waitFor(
    'the poison to be set aside',
    async () => (await db('kf_messages').where({ msgid: 'poison', outcome: 'failed' })).length > 0,
  )
  await settle()
  expect(botTexts(await customer.chat())).toEqual([NOT_BOUND])
})

test('a lost ring of a further kf account loses no message: the clock finds it', async () => {
  const { people, settle, control, db } = town()
  const {
    body: { openKfId },
  } = await control.post('/_sandbox/kf/accounts', { name: '第二客服' })
  const customer = await people.arrive()
  const say = (text: string) =>
    control.post(`/_sandbox/people/${customer.personId}/kf/send`, { openKfId, text })
  await say('解绑')
  await settle()
  await control.post('/_sandbox/faults', { callbacks: { drop: 1 } })
  await say('进度')
  await settle()
  expect(await kept(customer.externalUserid)).toBe(1)
  await control.post('/_sandbox/faults', { clear: true })
  await order('kf.catch-up')
  await settle()
  expect(
    await db('kf_messages')
      .where({ open_kfid: openKfId, origin: 'customer' })
      .orderBy('id')
      .pluck('outcome'),
  ).toEqual(['asked', 'progress'])
})
