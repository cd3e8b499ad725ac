import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'

import { sandboxCredentials as credentials } from './base/credentials.ts'
import { clean, createKit, type Json, type Kit, newPerson } from './testing/kit.ts'

let kit: Kit

beforeAll(async () => {
  kit = await createKit()
})
afterAll(() => kit.stop())
beforeEach(() => clean(kit))

const change = (personId: string, phone?: string) =>
  kit.control(`/people/${personId}/phone-change`, phone === undefined ? {} : { phone })
const search = (phone: string, userid = 'zhangsan') =>
  kit.control(`/members/${userid}/add`, { phone })
const followsOf = async (personId: string) =>
  (await kit.look(`/people/${personId}`))['follows'] as Json[]
const phoneButton = async (personId: string): Promise<Json> => {
  const { code } = await kit.control(`/people/${personId}/phone-code`)
  const secrets = {
    grant_type: 'client_credential',
    appid: credentials.miniAppId,
    secret: credentials.miniAppSecret,
  }
  const { access_token: token } = await kit.call(
    'GET',
    `/weixin/cgi-bin/token?${new URLSearchParams(secrets).toString()}`,
  )
  return { code, token }
}
const exchange = async ({ code, token }: Json) => {
  const answer = await kit.call(
    'POST',
    `/weixin/wxa/business/getuserphonenumber?access_token=${String(token)}`,
    { code },
  )
  return (answer['phone_info'] as Json | undefined)?.['purePhoneNumber']
}

describe('a number that changes hands', () => {
  test('is free once it was given up, and the next one who takes it is found by it', async () => {
    const former = await newPerson(kit)
    expect(await change(former.personId)).toMatchObject({ personId: former.personId, phone: null })
    await expect(search(former.phone)).rejects.toThrow('404')
    const { externalUserid } = await kit.control('/people', {
      name: '号码的新主人',
      phone: former.phone,
    })
    expect(await search(former.phone)).toEqual({ externalUserid })
    expect(await followsOf(former.personId)).toEqual([])
  })

  test('may be taken by somebody who is there already, who leaves his own', async () => {
    const [former, taker] = [await newPerson(kit), await newPerson(kit)]
    await change(former.personId)
    expect(await change(taker.personId, former.phone)).toMatchObject({ phone: former.phone })
    expect(await search(former.phone)).toEqual({ externalUserid: taker.externalUserid })
    await expect(search(taker.phone, 'lisi')).rejects.toThrow('404')
  })

  test('is not taken from somebody who still uses it', async () => {
    const [holder, other] = [await newPerson(kit), await newPerson(kit)]
    await expect(change(other.personId, holder.phone)).rejects.toThrow('409')
    expect(await search(holder.phone)).toEqual({ externalUserid: holder.externalUserid })
    expect(await search(other.phone)).toEqual({ externalUserid: other.externalUserid })
  })

  test('stays where it is when its owner takes it again', async () => {
    const { personId, phone } = await newPerson(kit)
    expect(await change(personId, phone)).toMatchObject({ phone })
    await change(personId)
    expect(await change(personId)).toMatchObject({ phone: null })
    expect(await change(personId, phone)).toMatchObject({ phone })
  })

  test('leaves WeChat, chat and contacts with the person, and the remarks as they were noted, without a bell', async () => {
    const { personId, phone, ...ids } = await newPerson(kit)
    await search(phone)
    await kit.control(`/people/${personId}/kf/send`, { text: '你好' })
    const before = await followsOf(personId)
    await kit.sandbox.idle()
    const rung = kit.listener.received.length
    await change(personId, '13800139999')
    await kit.sandbox.idle()
    expect(await kit.look(`/people/${personId}`)).toMatchObject({ ...ids, phone: '13800139999' })
    expect(await followsOf(personId)).toEqual(before)
    expect(before).toMatchObject([{ userid: 'zhangsan', remarkMobiles: [phone] }])
    expect(await kit.look(`/people/${personId}/kf/messages`)).toHaveLength(1)
    expect(kit.listener.received).toHaveLength(rung)
  })

  test.each([['123'], [''], ['+8613800138000'], [null]])(
    '%j is no number to change to',
    async (phone) => {
      const { personId, phone: kept } = await newPerson(kit)
      await expect(kit.control(`/people/${personId}/phone-change`, { phone })).rejects.toThrow(
        '400',
      )
      expect(await kit.look(`/people/${personId}`)).toMatchObject({ phone: kept })
    },
  )

  test('is what the phone button agreed to, and nothing once there is none', async () => {
    const { personId, phone } = await newPerson(kit)
    const agreed = await phoneButton(personId)
    await change(personId)
    expect(await exchange(agreed)).toBe(phone)
    await expect(kit.control(`/people/${personId}/phone-code`)).rejects.toThrow('409')
    await change(personId, '13800139998')
    expect(await exchange(await phoneButton(personId))).toBe('13800139998')
  })

  test('nobody is no person to change it of', async () => {
    await expect(change('p_nobody')).rejects.toThrow('404')
  })
})

describe('who is meant', () => {
  test.each(['add', 'remove', 'remark', 'edit', 'transfer'])(
    '%s wants exactly one of phone, personId and externalUserid',
    async (act) => {
      const [one, other] = [await newPerson(kit), await newPerson(kit)]
      if (act !== 'add') for (const { phone } of [one, other]) await search(phone)
      const more = act === 'transfer' ? { to: 'lisi' } : {}
      const ask = (who: object) => kit.control(`/members/zhangsan/${act}`, { ...who, ...more })
      await expect(ask({})).rejects.toThrow('400')
      await expect(ask({ phone: one.phone, personId: other.personId })).rejects.toThrow('400')
      await expect(
        ask({ personId: one.personId, externalUserid: one.externalUserid }),
      ).rejects.toThrow('400')
      expect(await followsOf(other.personId)).toHaveLength(act === 'add' ? 0 : 1)
    },
  )

  test('a servicer wants exactly one of phone and personId', async () => {
    const { personId, phone } = await newPerson(kit)
    const say = (who: object) => kit.control('/kf/servicers/zhangsan/say', { ...who, text: '您好' })
    await expect(say({})).rejects.toThrow('400')
    await expect(say({ personId, phone })).rejects.toThrow('400')
  })

  test('who has no number any more is added and removed by personId or externalUserid', async () => {
    const { personId, externalUserid } = await newPerson(kit)
    await change(personId)
    expect(await kit.control('/members/zhangsan/add', { personId, addWay: 1 })).toEqual({
      externalUserid,
    })
    expect(await followsOf(personId)).toMatchObject([{ addWay: 1, remarkMobiles: [] }])
    await kit.control('/members/zhangsan/remove', { externalUserid })
    expect(await kit.control('/members/zhangsan/add', { externalUserid })).toEqual({
      externalUserid,
    })
    expect(await followsOf(personId)).toMatchObject([{ addWay: 2, remarkMobiles: [] }])
  })

  test('numbers that are named are noted, however the customer was added', async () => {
    const { personId, phone } = await newPerson(kit)
    await kit.control('/members/zhangsan/add', {
      personId,
      addWay: 1,
      remarkMobiles: [phone, '13900000001'],
    })
    await kit.control('/members/lisi/add', {
      personId,
      remarkMobiles: [phone],
      remarkMobile: 'later',
    })
    expect(await followsOf(personId)).toMatchObject([
      { remarkMobiles: [phone, '13900000001'] },
      { remarkMobiles: [], laterMobiles: [phone] },
    ])
  })

  test('a customer removed by phone is the one who has that phone today', async () => {
    const [former, taker] = [await newPerson(kit), await newPerson(kit)]
    for (const { phone } of [former, taker]) await search(phone)
    await change(former.personId)
    await change(taker.personId, former.phone)
    await kit.control('/members/zhangsan/remove', { phone: former.phone })
    expect(await followsOf(former.personId)).toHaveLength(1)
    expect(await followsOf(taker.personId)).toEqual([])
  })
})
