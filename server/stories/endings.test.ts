import { describe, expect, test } from '@jest/globals'
import { maskPhone } from '../../shared/phone.ts'
import { findDeny, findTicket, inventPhone, type Person } from '../../scripts/play/people.ts'
import { bindByCode } from '../test/bind-by-code.ts'
import { holdTable, queued } from '../test/locks.ts'
import { memberBrowsers } from '../test/member-browser.ts'
import { tenSecondsPass } from '../test/ten-seconds.ts'
import { ADMIN_KEY, OFFICIAL, useTown } from '../test/town.ts'
import { addJob } from '../test/job-desk.ts'

const HOME = 'https://staff.example.com'
const town = useTown({ ...OFFICIAL, PUBLIC_BASE_URL: HOME, STAFF_QUIET_HOURS: 'off' })
const { signedIn } = memberBrowsers(town, HOME)
/** His next claim is a minute after the last: it need not wait. */
const waitAMinute = () =>
  town().db.raw(`update temp_bindings set created_at = created_at - interval '2 minutes'`)
const state = (who: Person, phoneNumber: string) =>
  town().server.post('/api/binding/temp', { phoneNumber }, who.token)
async function cardOf(customer: Person): Promise<string> {
  const path = ((await customer.inbox()) as { miniprogramPath?: string }[]).findLast(
    ({ miniprogramPath }) => miniprogramPath,
  )!.miniprogramPath!
  return new URLSearchParams(path.split('?')[1]).get('ticket')!
}

/** Two people tied as one before WeChat told who they are, the contact's number still to be tapped, his order loaded under it. */
async function mismatched(): Promise<{ account: Person; contact: Person }> {
  const { control, people, settle } = town()
  await control.post('/_sandbox/faults', { unionidUnavailable: true })
  const [account, contact] = [await people.arrive(), await people.arrive()]
  await people.add('zhangsan', contact.phone, { remarkMobiles: [contact.phone, inventPhone()] })
  await settle()
  await people.load('SO-MERGE', contact.phone)
  await bindByCode(town(), account, contact)
  await control.post('/_sandbox/faults', { clear: true })
  await control.post('/_sandbox/members/zhangsan/edit', { phone: contact.phone, remark: '老客户' })
  await settle()
  await account.signIn()
  return { account, contact }
}

/** 张三 says which of the numbers he noted is the customer's own. */
async function tapPhoneOf({ phone }: Person): Promise<void> {
  const zhangsan = await signedIn()
  const [asked] = (await zhangsan.get('/api/staff/phone-missing')).json().data.items
  const { choice } = asked.choices.find((one: any) => one.phoneMasked === maskPhone(phone))
  expect(
    (
      await zhangsan.post(`/api/staff/reviews/${String(asked.reviewId)}/confirm`, {
        body: { choice },
      })
    ).status,
  ).toBe(200)
  await tenSecondsPass(town())
}

/** The welcome card of a customer was forwarded; somebody else opened it in his own mini-program. */
async function forwarded(): Promise<{ victim: Person; attacker: Person }> {
  const { people, settle } = town()
  const [victim, attacker] = [
    await people.arrive({ unionid: false }),
    await people.arrive({ unionid: false }),
  ]
  await people.load('SO-VICTIM', victim.phone, { title: '翠湖花园' })
  await people.add('zhangsan', victim.phone)
  await settle()
  await attacker.signIn()
  await attacker.openTicket(await cardOf(victim))
  await settle()
  return { victim, attacker }
}

describe('a wrong account that has opened a forwarded card', () => {
  test('after 不是我 in the chat of its addressee, states his phone and is not bound', async () => {
    const { victim, attacker } = await forwarded()
    const { settle } = town()
    await victim.say('你好')
    await settle()
    await victim.tap(findDeny(await victim.chat())!)
    await settle()
    await state(attacker, victim.phone)
    await settle()
    expect(await attacker.me()).toMatchObject({ canQuery: false })
  })

  test('is not bound again by itself, after an admin has ended the binding, because another salesperson adds the addressee', async () => {
    const { victim, attacker } = await forwarded()
    const { settle, people, server, db } = town()
    await state(attacker, victim.phone)
    await settle()
    const { id } = await db('customers').where({ wework_userid: victim.externalUserid }).first('id')
    expect(
      (
        await server.post(
          `/api/admin/customers/${String(id)}/unbind`,
          { reason: '不是本人' },
          ADMIN_KEY,
        )
      ).status,
    ).toBe(200)
    await settle()
    await new Promise((resolve) => setTimeout(resolve, 1_100)) // a newer add, by the second
    await people.add('lisi', victim.phone)
    await settle()
    await attacker.signIn()
    expect(await attacker.me()).toMatchObject({ canQuery: false })
  })

  test('is not bound again by the phone it states, after an admin has ended the binding', async () => {
    const { victim, attacker } = await forwarded()
    const { settle, server, db } = town()
    await state(attacker, victim.phone)
    await settle()
    expect(await attacker.me()).toMatchObject({ canQuery: true })
    const { id } = await db('customers').where({ wework_userid: victim.externalUserid }).first('id')
    expect(
      (
        await server.post(
          `/api/admin/customers/${String(id)}/unbind`,
          { reason: '不是本人' },
          ADMIN_KEY,
        )
      ).status,
    ).toBe(200)
    await settle()
    await waitAMinute()
    await attacker.signIn()
    await state(attacker, victim.phone)
    await settle()
    expect(await attacker.me()).toMatchObject({ canQuery: false })
  })

  test('is not bound again by the phone it states, after its addressee has ended it in his chat', async () => {
    const { victim, attacker } = await forwarded()
    const { settle } = town()
    await state(attacker, victim.phone)
    await settle()
    expect(await attacker.me()).toMatchObject({ canQuery: true })
    await victim.say('解绑')
    await settle()
    const yes = (await victim.chat())
      .flatMap((message) => message.menu ?? [])
      .findLast(({ text }) => text === '确认解绑')!
    await victim.tap(yes.id!)
    await settle()
    await waitAMinute()
    await attacker.signIn()
    expect(await attacker.me()).toMatchObject({ canQuery: false, bindingStatus: 'unbound' })
    await state(attacker, victim.phone)
    await settle()
    expect(await attacker.me()).toMatchObject({ canQuery: false })
  })
})

describe('a suspended customer', () => {
  test('an admin who binds the right account by hand does not open the projects to the wrong one again', async () => {
    const { people, settle, server, db } = town()
    const victim = await people.arrive({ unionid: true })
    const wrong = await people.arrive({ unionid: true })
    await people.load('SO-VICTIM', victim.phone, { title: '翠湖花园' })
    await people.add('zhangsan', victim.phone)
    await settle()
    // Tied while WeChat told nobody's unionid; then both are learned, and differ.
    await db('contacts').where({ external_userid: victim.externalUserid }).update({ unionid: null })
    await wrong.signIn()
    await db('accounts').where({ openid: wrong.openid }).update({ unionid: null })
    await town().control.post('/_sandbox/faults', { unionidUnavailable: 'wecom' })
    await victim.say((await wrong.code()).bindCode)
    await settle()
    await wrong.openTicket(findTicket(await victim.chat())!)
    await settle()
    expect(await wrong.me()).toMatchObject({ canQuery: true })
    await town().control.post('/_sandbox/faults', { clear: true })
    await db('contacts')
      .where({ external_userid: victim.externalUserid })
      .update({ unionid: victim.unionid })
    await wrong.signIn()
    expect(await wrong.me()).toMatchObject({ canQuery: false, nextStep: 'contact_support' })
    await victim.followOfficial()
    await settle()
    const bound = await server.post(
      '/api/wework/manual-bind',
      {
        customerPhone: victim.phone,
        wechatOpenid: victim.officialOpenid,
        weworkUserid: victim.externalUserid,
        operatorUserid: 'zhangsan',
        reason: '当面核实',
        override: true,
      },
      ADMIN_KEY,
    )
    expect(bound.status).toBe(200)
    await wrong.signIn()
    expect(await wrong.me()).toMatchObject({ bindingStatus: 'unbound', canQuery: false })
  })
})

test('a member taps a number while another contact with the same two numbers is looked at: no deadlock', async () => {
  const { people, settle, db, control } = town()
  const numbers = [inventPhone(), inventPhone()]
  for (const [index, phone] of numbers.entries()) await people.load(`SO-DL${String(index)}`, phone)
  const hmacs = new Map<string, string>(
    (await db('customers').whereIn('phone', numbers)).map((row: any) => [
      row.phone,
      row.phone_hmac.toString('base64'),
    ]),
  )
  const [low, high] = [...numbers].sort((one, two) => (hmacs.get(one)! < hmacs.get(two)! ? -1 : 1))
  const [husband, wife] = [
    await people.arrive({ phone: high! }),
    await people.arrive({ phone: low! }),
  ]
  for (const one of [husband, wife])
    await people.add('zhangsan', one.phone, { remarkMobiles: numbers })
  await settle()
  const zhangsan = await signedIn()
  const items: any[] = (await zhangsan.get('/api/staff/phone-missing')).json().data.items
  const { id: reviewId } = await db('reviews')
    .where({ external_userid: husband.externalUserid, kind: 'several_phones' })
    .first('id')
  const asked = items.find((one) => one.reviewId === reviewId)
  const choice = asked.choices.find(
    (one: any) => one.phoneMasked === `${high!.slice(0, 3)}****${high!.slice(-4)}`,
  ).choice
  const release = await holdTable(db, 'binding_history', 'share')
  const tapped = zhangsan.post(`/api/staff/reviews/${String(reviewId)}/confirm`, {
    body: { choice },
  })
  await queued(db, 1)
  await control.post('/_sandbox/members/zhangsan/edit', { phone: wife.phone, remark: '老客户' })
  await queued(db, 2)
  await new Promise((resolve) => setTimeout(resolve, 1_500)) // the look has asked Postgres once whether it waits in a circle
  await release()
  expect((await tapped).status).toBe(200)
  await settle()
})

test('a job that ends attempts and runs once more after a crash leaves a newer attempt alone', async () => {
  const { people, settle, db, server } = town()
  const customer = await people.arrive({ unionid: false })
  await people.add('zhangsan', customer.phone)
  await settle()
  await bindByCode(town(), customer)
  const { account_id: accountId } = await db('customer_accounts')
    .whereNull('ended_at')
    .first('account_id')
  expect((await server.delete('/api/binding', customer.token)).status).toBe(200)
  await settle()
  await db.raw(`update bind_codes set issued_at = issued_at - interval '1 minute'`)
  await customer.signIn()
  await customer.say((await customer.code()).bindCode)
  await settle()
  await addJob(db, 'binding.end-attempts', {
    payload: { accountId, externalUserId: customer.externalUserid },
  })
  await settle()
  await customer.openTicket(findTicket(await customer.chat())!)
  await settle()
  expect(await customer.me()).toMatchObject({ bindingStatus: 'bound', canQuery: true })
})

test('解绑 where WeCom shows the unionid; the phone stated again in the official account brings both apps back', async () => {
  const { people, settle, server } = town()
  const customer = await people.arrive()
  await people.load('SO-BACK', customer.phone, { title: '翠湖花园' })
  await people.add('zhangsan', customer.phone)
  await settle()
  await customer.followOfficial()
  await customer.signIn()
  await settle()
  expect(await customer.me()).toMatchObject({ canQuery: true })
  expect((await server.delete('/api/binding', customer.token)).status).toBe(200)
  await settle()
  await customer.writeOfficial(customer.phone)
  await settle()
  expect(await customer.writeOfficial('进度')).toContain('翠湖花园')
  await customer.signIn()
  expect(await customer.me()).toMatchObject({ canQuery: true })
})

test('a mismatch that an admin has accepted stays accepted when the tapped number joins the customer with an imported order', async () => {
  const { db, server } = town()
  const { account, contact } = await mismatched()
  const { id } = await db('customers')
    .where({ wework_userid: contact.externalUserid })
    .whereNull('merged_into')
    .first('id')
  expect(
    (
      await server.post(
        `/api/admin/customers/${String(id)}/resume`,
        { reason: '夫妻共用' },
        ADMIN_KEY,
      )
    ).status,
  ).toBe(200)
  await tapPhoneOf(contact)
  await account.signIn()
  expect(await account.me()).toMatchObject({ canQuery: true })
})

test('a suspension ended by an admin who unbinds leaves no open question behind, also when its customer was merged since', async () => {
  const { db, server } = town()
  const { contact } = await mismatched()
  expect(
    await db('reviews').where({ kind: 'unionid_mismatch' }).whereNull('closed_at'),
  ).toHaveLength(1)
  await tapPhoneOf(contact)
  const { id } = await db('customers')
    .where({ wework_userid: contact.externalUserid })
    .whereNull('merged_into')
    .first('id')
  expect(
    (
      await server.post(
        `/api/admin/customers/${String(id)}/unbind`,
        { reason: '两个人' },
        ADMIN_KEY,
      )
    ).status,
  ).toBe(200)
  expect(await db('reviews').where({ kind: 'unionid_mismatch' }).whereNull('closed_at')).toEqual([])
})

const trusting = useTown({ ...OFFICIAL, BINDING_TRUST_PHONE_CLAIM: 'true' })
test('where claims are trusted: whom an admin has unbound does not undo it by stating the phone again', async () => {
  const { people, settle, server, db } = trusting()
  const [victim, attacker] = [
    await people.arrive({ unionid: false }),
    await people.arrive({ unionid: false }),
  ]
  await attacker.signIn()
  const say = () => server.post('/api/binding/temp', { phoneNumber: victim.phone }, attacker.token)
  await say()
  await people.add('zhangsan', victim.phone)
  await settle()
  expect(await attacker.me()).toMatchObject({ canQuery: true })
  const { id } = await db('customers').where({ wework_userid: victim.externalUserid }).first('id')
  expect(
    (
      await server.post(
        `/api/admin/customers/${String(id)}/unbind`,
        { reason: '不是本人' },
        ADMIN_KEY,
      )
    ).status,
  ).toBe(200)
  await settle()
  await db.raw(`update temp_bindings set created_at = created_at - interval '2 minutes'`)
  await attacker.signIn()
  await say()
  await settle()
  expect(await attacker.me()).toMatchObject({ canQuery: false })
})

test('the phone stated again after 解绑 is an act also while an earlier statement still waits', async () => {
  const { people, settle, server } = town()
  const customer = await people.arrive()
  await people.add('zhangsan', customer.phone, { remarkMobiles: [customer.phone, inventPhone()] })
  await settle()
  await customer.signIn()
  expect(await customer.me()).toMatchObject({ bindingStatus: 'bound', canQuery: false })
  await state(customer, customer.phone)
  await settle()
  expect((await server.delete('/api/binding', customer.token)).status).toBe(200)
  await settle()
  await customer.signIn()
  await waitAMinute()
  expect((await state(customer, customer.phone)).status).toBe(200)
  await settle()
  await tapPhoneOf(customer)
  expect(await customer.me()).toMatchObject({ canQuery: true })
})

test('an admin who takes a phone from somebody ends his sessions at once', async () => {
  const { people, settle, server, db } = town()
  const [former, owner] = [await people.arrive(), await people.arrive()]
  await people.load('SO-T', former.phone)
  await people.add('zhangsan', former.phone)
  await settle()
  await former.signIn()
  await owner.signIn()
  await people.add('lisi', owner.phone, { addWay: 1 })
  await settle()
  expect((await former.projects()).status).toBe(200)
  expect(
    (
      await server.post(
        '/api/wework/manual-bind',
        {
          customerPhone: former.phone,
          wechatOpenid: owner.openid,
          weworkUserid: owner.externalUserid,
          operatorUserid: 'zhangsan',
          reason: '号码换人',
          override: true,
        },
        ADMIN_KEY,
      )
    ).status,
  ).toBe(200)
  await settle()
  expect(
    await db('evidence')
      .where({ external_userid: former.externalUserid, kind: 'phone_search' })
      .whereNull('revoked_at'),
  ).toEqual([])
  expect((await former.projects()).status).toBe(401)
})
