import { beforeEach, describe, expect, test } from '@jest/globals'
import { findTicket, type Person } from '../../scripts/play/people.ts'
import { sandboxCredentials as known } from '../../scripts/sandbox/credentials.ts'
import { NOT_ADDED } from '../features/official-account/official-account.texts.ts'
import { useTown, type Town } from '../test/town.ts'

const OFFICIAL = { OFFICIAL_APP_ID: known.officialAppId, OFFICIAL_APP_SECRET: known.officialAppSecret, OFFICIAL_TOKEN: known.officialToken, OFFICIAL_AES_KEY: known.officialAesKey }
const town = useTown(OFFICIAL)
const trusting = useTown({ ...OFFICIAL, BINDING_TRUST_PHONE_CLAIM: 'true' })

const hideContacts = (at: Town) => at.control.post('/_sandbox/faults', { unionidUnavailable: 'wecom' })
/** The corp has bound no WeChat developer id, the mini-program and the official account share an open platform: a common case. */
beforeEach(async () => { for (const at of [town(), trusting()]) await hideContacts(at) })

async function added(at: Town): Promise<Person> {
  const customer = await at.people.arrive()
  await at.people.load(`SO-${customer.phone}`, customer.phone, { title: '翠湖花园' })
  await at.people.add('zhangsan', customer.phone)
  await at.settle()
  return customer
}

async function bindByCode(at: Town, customer: Person): Promise<void> {
  if (customer.token === '') await customer.signIn()
  const { bindCode, kfUrl } = await customer.code()
  await customer.enter(kfUrl.split('&scene_param')[0]!)
  await customer.say(bindCode)
  await at.settle()
  expect((await customer.openTicket(findTicket(await customer.chat())!)).status).toBe(200)
  await at.settle()
}

describe('one WeChat user with two accounts, whose unionid WeCom does not show', () => {
  test('bound in the mini-program, he is known in the official account that he follows already', async () => {
    const customer = await added(town())
    await customer.followOfficial()
    await town().settle()
    expect(await customer.writeOfficial('进度')).toBe(NOT_ADDED)
    await bindByCode(town(), customer)
    expect(await customer.writeOfficial('进度')).toContain('翠湖花园')
    const ties = await town().db('customer_accounts as t').join('evidence as e', 'e.id', 't.evidence_id').orderBy('t.id').select('t.app', 'e.kind')
    expect(ties).toEqual([{ app: 'miniprogram', kind: 'ticket' }, { app: 'official', kind: 'unionid' }])
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
    expect(await db('binding_history').where({ outcome: 'refuse' }).distinct('decision')).toEqual([{ decision: 'different unionids' }])
  })
})
