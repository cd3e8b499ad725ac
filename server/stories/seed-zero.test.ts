import { describe, expect, test } from '@jest/globals'
import { maskPhone } from '../../shared/phone.ts'
import type { Person } from '../../scripts/play/people.ts'
import {
  CLAIMED,
  NOT_ADDED_YET,
  NOT_PROVEN,
} from '../features/official-account/official-account.texts.ts'
import { ADMIN_KEY, OFFICIAL, useTown, type Town } from '../test/town.ts'
import { addJob } from '../test/job-desk.ts'

const careful = useTown(OFFICIAL)
const trusting = useTown({ ...OFFICIAL, BINDING_TRUST_PHONE_CLAIM: 'true' })

const canQuery = async (at: Town, phone: string): Promise<boolean> =>
  (await at.server.get(`/api/customer/can-query/${phone}`, ADMIN_KEY)).body.data.canQuery
const claimOf = (at: Town) =>
  at.db('temp_bindings').orderBy('id').first('status', 'wechat_openid', 'phone_number')

/** Without unionid and without trust the account is not proven: what is left is the card and the phone, in the mini-program (D1). */
async function finishByCard(at: Town, customer: Person): Promise<void> {
  expect(await customer.writeOfficial('查询项目进度')).toBe(NOT_PROVEN)
  const path = ((await customer.inbox()) as { miniprogramPath?: string }[]).findLast(
    ({ miniprogramPath }) => miniprogramPath,
  )!.miniprogramPath!
  await customer.signIn()
  expect(
    (await customer.openTicket(new URLSearchParams(path.split('?')[1]).get('ticket')!)).status,
  ).toBe(200)
  expect(
    (await at.server.post('/api/binding/temp', { phoneNumber: customer.phone }, customer.token))
      .status,
  ).toBe(200)
  await at.settle()
}

describe.each([
  ['claims are no proof, with unionid', careful, true],
  ['claims are no proof, without unionid', careful, false],
  ['claims are trusted, with unionid', trusting, true],
  ['claims are trusted, without unionid', trusting, false],
])('the acceptance list and the script of seed 0 (R0.73, R0.74): %s', (_, town, unionid) => {
  const isSeenInOfficial = unionid || town === trusting

  test('phone, add by phone search, callback, binding, permission, progress', async () => {
    const at = town()
    const customer = await at.people.arrive({ unionid })
    await at.people.load('SO-SEED-0', customer.phone, { title: '翠湖花园' })
    await customer.followOfficial()
    expect(await customer.writeOfficial(customer.phone)).toBe(CLAIMED)
    expect(await claimOf(at)).toEqual({
      status: 'waiting',
      wechat_openid: customer.officialOpenid,
      phone_number: customer.phone,
    })
    expect(await canQuery(at, customer.phone)).toBe(false)
    await at.people.add('zhangsan', customer.phone)
    await at.settle()
    expect(
      await at.db('wework_customer_events').first('event_type', 'add_way', 'customer_phone'),
    ).toEqual({ event_type: 'add_external_contact', add_way: 2, customer_phone: customer.phone })
    if (!isSeenInOfficial) await finishByCard(at, customer)
    expect(
      await at
        .db('customers')
        .whereNull('merged_into')
        .first('binding_status', 'wework_userid', 'phone'),
    ).toEqual({
      binding_status: 'bound',
      wework_userid: customer.externalUserid,
      phone: customer.phone,
    })
    expect(await canQuery(at, customer.phone)).toBe(true)
    if (isSeenInOfficial) {
      expect(await customer.writeOfficial('查询项目进度')).toContain('翠湖花园')
      expect(await claimOf(at)).toMatchObject({
        status: 'bound',
        phone_number: maskPhone(customer.phone),
      })
    } else {
      expect((await customer.projects()).body.data.items).toMatchObject([{ title: '翠湖花园' }])
    }
  })

  test('a customer whom nobody added by phone search is refused, and after 48 hours his claim is over', async () => {
    const at = town()
    const customer = await at.people.arrive({ unionid })
    await at.people.load('SO-SEED-1', customer.phone)
    await customer.followOfficial()
    await customer.writeOfficial(customer.phone)
    await at.people.add('zhangsan', customer.phone, { addWay: 1 })
    await at.settle()
    expect(await customer.writeOfficial('查询项目进度')).toContain(NOT_ADDED_YET)
    expect(await canQuery(at, customer.phone)).toBe(false)
    await at.db('temp_bindings').update({
      created_at: new Date(Date.now() - 48 * 3_600_000 - 1_000),
      expires_at: new Date(Date.now() - 1_000),
    })
    await addJob(at.db, 'phone-claims.expire')
    await at.settle()
    expect(await claimOf(at)).toMatchObject({
      status: 'expired',
      phone_number: maskPhone(customer.phone),
    })
  })
})
