import { beforeEach, describe, expect, test } from '@jest/globals'
import { inventPhone, type Person } from '../../scripts/play/people.ts'
import { NOT_ADDED } from '../features/official-account/official-account.texts.ts'
import { bindByCode } from '../test/bind-by-code.ts'
import { holdPeople, queued } from '../test/locks.ts'
import { ADMIN_KEY, OFFICIAL, useTown, type Town } from '../test/town.ts'
import { runJobsNow } from '../test/job-desk.ts'

const town = useTown(OFFICIAL)
const trusting = useTown({ ...OFFICIAL, BINDING_TRUST_PHONE_CLAIM: 'true' })

const because = { reason: '门店核对身份证', operatorUserid: 'chenjing' }
const moveTo = (contact: Person, account: Person, customerPhone: string) =>
  town().server.post(
    '/api/wework/manual-bind',
    {
      customerPhone,
      wechatOpenid: account.openid,
      weworkUserid: contact.externalUserid,
      override: true,
      ...because,
    },
    ADMIN_KEY,
  )
const liveTies = () =>
  town().db('customer_accounts').whereNull('ended_at').orderBy('id').pluck('app')

async function added(at: Town): Promise<Person> {
  const customer = await at.people.arrive()
  await at.people.load(`SO-${customer.phone.slice(2)}`, customer.phone, { title: '翠湖花园' })
  await at.people.add('zhangsan', customer.phone)
  await at.settle()
  return customer
}

describe('one WeChat user with two accounts, whose unionid WeCom does not show', () => {
  /** The corp has bound no WeChat developer id, the mini-program and the official account share an open platform: a common case. */
  beforeEach(async () => {
    for (const { control } of [town(), trusting()])
      await control.post('/_sandbox/faults', { unionidUnavailable: 'wecom' })
  })

  test('bound in the mini-program, he is known in the official account that he follows already', async () => {
    const customer = await added(town())
    await customer.followOfficial()
    await town().settle()
    expect(await customer.writeOfficial('进度')).toBe(NOT_ADDED)
    await bindByCode(town(), customer)
    expect(await customer.writeOfficial('进度')).toContain('翠湖花园')
    const ties = await town()
      .db('customer_accounts as t')
      .join('evidence as e', 'e.id', 't.evidence_id')
      .orderBy('t.id')
      .select('t.app', 'e.kind')
    expect(ties).toEqual([
      { app: 'miniprogram', kind: 'ticket' },
      { app: 'official', kind: 'unionid' },
    ])
  })

  test('and in one that he follows later', async () => {
    const customer = await added(town())
    await bindByCode(town(), customer)
    await customer.followOfficial()
    await town().settle()
    expect(await customer.writeOfficial('进度')).toContain('翠湖花园')
  })

  test('解绑 ends the binding in both; binding again brings both back', async () => {
    const { clock, server, settle } = town()
    const customer = await added(town())
    await customer.followOfficial()
    await bindByCode(town(), customer)
    expect((await server.delete('/api/binding', customer.token)).status).toBe(200)
    await settle()
    expect(await customer.writeOfficial('进度')).toBe(NOT_ADDED)
    clock.advance(60_000)
    await town().control.post('/_sandbox/clock', { advanceSeconds: 60 })
    await customer.signIn()
    expect((await customer.me()).bindingStatus).toBe('unbound')
    await bindByCode(town(), customer)
    expect(await customer.writeOfficial('进度')).toContain('翠湖花园')
  })

  test('解绑 also ends the tie of an account that was being tied at that moment', async () => {
    const { db, server, settle } = town()
    const customer = await added(town())
    await bindByCode(town(), customer)
    const release = await holdPeople(db, `contact:${customer.externalUserid}`)
    await customer.followOfficial()
    await queued(db, 1)
    const unbound = server.delete('/api/binding', customer.token)
    await queued(db, 2)
    await release()
    expect((await unbound).status).toBe(200)
    await settle()
    expect(await liveTies()).toEqual([])
  })

  test('an admin who moves an account to another contact does not run into a look at the former one', async () => {
    const { db, settle, people, control } = town()
    const [customer, other] = [await added(town()), await added(town())]
    await customer.followOfficial() // the older of his two accounts
    await settle()
    await bindByCode(town(), customer)
    expect(await liveTies()).toEqual(['miniprogram', 'official'])
    const phone = inventPhone()
    await people.load('SO-LOCK', phone)
    const { phone_hmac: hmac } = await db('customers').where({ phone }).first('phone_hmac')
    const release = await holdPeople(db, `phone:${hmac.toString('base64')}`)
    const moved = moveTo(other, customer, phone)
    await queued(db, 1)
    await control.post('/_sandbox/members/zhangsan/edit', {
      phone: customer.phone,
      remark: '老客户',
    })
    await queued(db, 2)
    await new Promise((resolve) => setTimeout(resolve, 1_500)) // the look has asked Postgres once whether it waits in a circle
    await release()
    expect((await moved).status).toBe(200) // 503: Postgres ended it, deadlock detected
    await settle()
  })

  test('another WeChat user is not joined to him, even where claims are trusted', async () => {
    const { people, settle, db } = trusting()
    const customer = await added(trusting())
    await bindByCode(trusting(), customer)
    const stranger = await people.arrive()
    await stranger.followOfficial()
    await stranger.writeOfficial(customer.phone)
    await settle()
    expect(await stranger.writeOfficial('进度')).not.toContain('翠湖花园')
    expect(await db('customer_accounts').whereNull('ended_at')).toHaveLength(1)
    expect(await db('binding_history').where({ outcome: 'refuse' }).distinct('decision')).toEqual([
      { decision: 'different unionids' },
    ])
  })
})

describe('one WeChat user with two accounts, whose unionid WeCom shows', () => {
  test('keeps the one in the official account when an admin moves a wrong account from his contact to its own', async () => {
    const { people, settle } = town()
    const [right, wrong] = [await added(town()), await people.arrive({ unionid: false })]
    await right.followOfficial() // equal unionids: his own, whatever becomes of the mini-program's
    await settle()
    await bindByCode(town(), wrong, right)
    expect(await liveTies()).toEqual(['official', 'miniprogram'])
    await people.add('lisi', wrong.phone)
    await settle()
    expect((await moveTo(wrong, wrong, wrong.phone)).status).toBe(200)
    await settle()
    expect(await right.writeOfficial('进度')).toContain('翠湖花园')
  })

  test.each(['the customer', 'an admin'])(
    'a pair that %s ended is not tied again because he follows the official account (D4)',
    async (who) => {
      const { db, server, settle } = town()
      const customer = await added(town())
      await customer.signIn()
      expect(await liveTies()).toEqual(['miniprogram'])
      const { id } = await db('customers')
        .where({ wework_userid: customer.externalUserid })
        .first('id')
      const ended =
        who === 'an admin'
          ? server.post(`/api/admin/customers/${String(id)}/unbind`, because, ADMIN_KEY)
          : server.delete('/api/binding', customer.token)
      expect((await ended).status).toBe(200)
      await customer.followOfficial()
      await settle()
      expect(await liveTies()).not.toContain('miniprogram')
    },
  )

  test('解绑 also holds for an account of his whose unionid we learn only afterwards', async () => {
    const { db, server, settle, control } = town()
    const customer = await added(town())
    await control.post('/_sandbox/faults', {
      endpoints: [{ path: 'cgi-bin/user/info', errcode: -1, times: 50 }],
    })
    await customer.followOfficial()
    await settle()
    await customer.signIn()
    expect(await liveTies()).toEqual(['miniprogram'])
    expect((await server.delete('/api/binding', customer.token)).status).toBe(200)
    await control.post('/_sandbox/faults', { clear: true })
    await runJobsNow(db)
    await settle()
    expect(await liveTies()).toEqual([])
  })
})
