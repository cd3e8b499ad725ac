import { describe, expect, test } from '@jest/globals'
import type { Person } from '../../scripts/play/people.ts'
import { until } from '../../scripts/play/until.ts'
import { useTown } from '../test/town.ts'

const town = useTown()

async function cardOf(customer: Person): Promise<string> {
  const inbox = (await customer.inbox()) as { type: string; miniprogramPath?: string }[]
  return new URLSearchParams(
    inbox.findLast(({ miniprogramPath }) => miniprogramPath)!.miniprogramPath!.split('?')[1],
  ).get('ticket')!
}
const claim = (customer: Person, phone = customer.phone) =>
  town().server.post('/api/binding/temp', { phoneNumber: phone }, customer.token)

/** A customer without unionid, added by phone search, who has the welcome card in his chat. */
async function welcomed(): Promise<{ customer: Person; ticket: string }> {
  const { people, settle } = town()
  const customer = await people.arrive({ unionid: false })
  await people.load('SO-W', customer.phone)
  await people.add('zhangsan', customer.phone)
  await settle()
  await customer.signIn()
  return { customer, ticket: await cardOf(customer) }
}

describe('the welcome card (E4, D1): one tap left', () => {
  test.each([['then the card', true], ['after the card']])(
    'the phone stated, %s: bound without a code',
    async (_, claimFirst = false) => {
      const { customer, ticket } = await welcomed()
      const { settle } = town()
      if (claimFirst) await claim(customer)
      await settle()
      expect(await customer.me()).toMatchObject({
        bindingStatus: claimFirst ? 'partial' : 'unbound',
      })
      expect((await customer.openTicket(ticket)).status).toBe(200)
      if (!claimFirst) await claim(customer)
      await settle()
      expect(await customer.me()).toMatchObject({ bindingStatus: 'bound', canQuery: true })
      expect((await customer.projects()).body.data.items).toMatchObject([{ orderNo: 'SO-W' }])
    },
  )

  test('the card alone only begins a binding: it could have been forwarded', async () => {
    const { customer, ticket } = await welcomed()
    await customer.openTicket(ticket)
    await town().settle()
    expect(await customer.status()).toMatchObject({
      state: 'awaiting_confirmation',
      reason: 'card_opened',
    })
    expect((await customer.projects()).status).toBe(403)
  })

  test('somebody else who opens a forwarded card, and states another phone, gets nothing', async () => {
    const { customer, ticket } = await welcomed()
    const { people, settle } = town()
    const thief = await people.arrive({ unionid: false })
    await thief.signIn()
    await claim(thief)
    await thief.openTicket(ticket)
    await settle()
    expect(await thief.me()).toMatchObject({ bindingStatus: 'partial', canQuery: false })
    expect((await customer.openTicket(ticket)).status).toBe(404)
  })

  test('the page can ask what a ticket is for before it uses it; the ticket stands in no URL', async () => {
    const { customer, ticket } = await welcomed()
    const { server } = town()
    expect(await server.post('/api/binding/ticket/look', { ticket }, customer.token)).toMatchObject(
      { status: 200, body: { data: { kind: 'welcome' } } },
    )
    await customer.openTicket(ticket)
    expect((await server.post('/api/binding/ticket/look', { ticket }, customer.token)).status).toBe(
      404,
    )
  })

  test('a customer who is bound already gets words without a card', async () => {
    const { people, settle } = town()
    const customer = await people.arrive()
    await customer.signIn()
    await customer.say((await customer.code()).bindCode)
    await settle()
    await people.add('zhangsan', customer.phone)
    await settle()
    const inbox = (await customer.inbox()) as { miniprogramPath?: string }[]
    expect(inbox.length).toBeGreaterThan(0)
    expect(inbox.some(({ miniprogramPath }) => miniprogramPath !== undefined)).toBe(false)
  })

  test('the card opens the bind page on a real phone too: its page has .html before the ticket', async () => {
    const { customer, ticket } = await welcomed()
    const [card] = ((await customer.inbox()) as { miniprogramPath?: string }[]).filter(
      ({ miniprogramPath }) => miniprogramPath,
    )
    expect(card).toMatchObject({ miniprogramPath: `pages/bind/bind?ticket=${ticket}` })
  })

  /** How the customer is greeted while the platform answers so. */
  async function greeted(faults: object): Promise<string[]> {
    const { people, settle, control } = town()
    await control.post('/_sandbox/faults', faults)
    const customer = await people.arrive({ unionid: false })
    await people.add('zhangsan', customer.phone)
    await settle()
    await control.post('/_sandbox/faults', { clear: true })
    return ((await customer.inbox()) as { type: string }[]).map(({ type }) => type)
  }
  const refusedOnce = (errcode: number) =>
    greeted({ endpoints: [{ path: 'externalcontact/send_welcome_msg', errcode, times: 1 }] })

  test.each([40007, 40058, 40013, 77777])(
    'a card refused with %i does not take the words with it, and the next one gets a new picture',
    async (errcode) => {
      const { db } = town()
      expect(await greeted({})).toEqual(['text', 'miniprogram'])
      const before = await db('platform_media').first<{ media_id: string }>('media_id')
      expect(await refusedOnce(errcode)).toEqual(['text'])
      expect(await greeted({})).toEqual(['text', 'miniprogram'])
      expect(
        (await db('platform_media').first<{ media_id: string }>('media_id')).media_id,
      ).not.toBe(before.media_id)
    },
  )

  test('another app is greeting at this moment and fails: a second try within the 20 s', async () => {
    const { control, settle, people } = town()
    await control.post('/_sandbox/faults', {
      endpoints: [{ path: 'externalcontact/send_welcome_msg', errcode: 41096, times: 1 }],
    })
    const customer = await people.arrive({ unionid: false })
    await people.add('zhangsan', customer.phone)
    await settle()
    expect(await customer.inbox()).toEqual([])
    await until('the greeting', async () => (await customer.inbox()).length === 2)
  })

  test('without a picture the words go alone, and the log warns', async () => {
    const { people, settle, control, db, lines } = town()
    await db('platform_media').delete()
    await control.post('/_sandbox/faults', {
      endpoints: [{ path: 'media/upload', errcode: 45009, times: 5 }],
    })
    const customer = await people.arrive()
    await people.add('zhangsan', customer.phone)
    await settle()
    await control.post('/_sandbox/faults', { clear: true })
    expect(JSON.stringify(await customer.inbox())).toContain('进度通')
    expect(lines.some((line) => line.includes('without its card'))).toBe(true)
  })
})
