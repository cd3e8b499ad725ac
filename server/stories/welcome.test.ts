import { describe, expect, test } from '@jest/globals'
import type { Person } from '../../scripts/play/people.ts'
import { until } from '../../scripts/play/until.ts'
import { listJobs, runJobsNow } from '../test/job-desk.ts'
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

  describe('the picture of the card cannot be uploaded', () => {
    /** A customer is added while WeCom refuses the upload so. */
    async function addedWhile(errcode: number, times: number): Promise<Person> {
      const { people, settle, control, db } = town()
      await db('platform_media').delete()
      await control.post('/_sandbox/faults', {
        endpoints: [{ path: 'media/upload', errcode, times }],
      })
      const customer = await people.arrive({ unionid: false })
      await people.add('zhangsan', customer.phone)
      await settle()
      return customer
    }
    const heard = async (customer: Person): Promise<string[]> =>
      ((await customer.inbox()) as { type: string }[]).map(({ type }) => type)
    const isAlone = (): boolean =>
      town().lines.some((line) => line.includes('a welcome goes without its card'))
    /** Every other try of the greeting at once, until the customer hears something. */
    const untilHeard = (customer: Person): Promise<boolean> =>
      until('the greeting', async () => {
        await runJobsNow(town().db, 'welcome.greet')
        return (await heard(customer)).length > 0
      })
    const uploads = async (): Promise<number[]> =>
      (await town().control.get('/_sandbox/calls')).body
        .filter(({ path }: { path: string }) => path.endsWith('/media/upload'))
        .map(({ errcode }: { errcode: number }) => errcode)

    test.each([
      ['refused for good', 40004],
      ['not allowed', 48002],
    ])('%s: the words go alone at once, and the log warns', async (_, errcode) => {
      const customer = await addedWhile(errcode, 1)
      expect(await heard(customer)).toEqual(['text'])
      expect(isAlone()).toBe(true)
    })

    // -1 is tried three times within a call.
    test.each([
      [45009, 1],
      [45033, 1],
      [-1, 3],
    ])('by %i, which passes: within the 20 s it comes with its card', async (errcode, times) => {
      const customer = await addedWhile(errcode, times)
      await until('the greeting', async () => (await heard(customer)).length === 2)
      expect(await heard(customer)).toEqual(['text', 'miniprogram'])
      expect(await uploads()).toEqual([...Array<number>(times).fill(errcode), 0])
      expect(isAlone()).toBe(false)
    })

    test('by what passes, but not until the last of three tries: the words go alone then, once', async () => {
      const { clock, db, settle } = town()
      await clock.stopFor(async () => {
        const customer = await addedWhile(45009, 9)
        await untilHeard(customer)
        await settle()
        expect(await heard(customer)).toEqual(['text'])
      })
      expect(await uploads()).toEqual([45009, 45009, 45009])
      expect(isAlone()).toBe(true)
      expect(await listJobs(db, 'welcome.greet')).toEqual([])
    })

    test('by what passes, when the next try would come after the 20 s: the words go alone now', async () => {
      const { clock } = town()
      await clock.stopFor(async () => {
        const customer = await addedWhile(45009, 9)
        clock.advance(10_500)
        await untilHeard(customer)
        expect(await heard(customer)).toEqual(['text'])
      })
    })
  })
})
