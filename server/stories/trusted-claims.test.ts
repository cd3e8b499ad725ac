import { expect, test } from '@jest/globals'
import type { Person } from '../../scripts/play/people.ts'
import { ADMIN_KEY, OFFICIAL, useTown } from '../test/town.ts'

const town = useTown({ ...OFFICIAL, BINDING_TRUST_PHONE_CLAIM: 'true' })

async function claim(who: Person, phoneNumber: string): Promise<void> {
  await who.signIn()
  expect((await town().server.post('/api/binding/temp', { phoneNumber }, who.token)).status).toBe(
    200,
  )
  await town().settle()
}

test('who is bound by his word alone is asked about when the owner says the same; nothing else changes until a person has looked', async () => {
  const { people, server, settle } = town()
  const [owner, thief] = [
    await people.arrive({ unionid: false }),
    await people.arrive({ unionid: false }),
  ]
  await people.load('SO-TRUST', owner.phone)
  await claim(thief, owner.phone)
  await people.add('zhangsan', owner.phone)
  await settle()
  expect((await thief.projects()).status).toBe(200) // what the setting risks
  const reviews = async () =>
    (await server.get('/api/admin/reviews', ADMIN_KEY)).body.data.items as {
      kind: string
      externalUserId: string
    }[]
  expect(await reviews()).toEqual([])
  await claim(owner, owner.phone)
  await owner.signIn()
  expect(await reviews()).toMatchObject([
    { kind: 'claim_contested', externalUserId: owner.externalUserid },
  ])
  expect((await owner.projects()).status).toBe(403)
})

test('who states his phone in both apps is one claimant: nobody contests it, and it binds', async () => {
  const { people, settle, control, db } = town()
  await control.post('/_sandbox/faults', { unionidUnavailable: 'wecom' })
  const customer = await people.arrive()
  await customer.followOfficial()
  await customer.writeOfficial(customer.phone)
  await settle()
  await claim(customer, customer.phone)
  expect(await db('temp_bindings').pluck('contested_at')).toEqual([null, null])
  await people.add('zhangsan', customer.phone)
  await settle()
  expect(await customer.me()).toMatchObject({ bindingStatus: 'bound' })
})

test('an account that was proven is not asked about because somebody claims its phone', async () => {
  const { people, server, settle } = town()
  const [owner, thief] = [await people.arrive(), await people.arrive({ unionid: false })]
  await people.add('zhangsan', owner.phone)
  await settle()
  await owner.signIn()
  await claim(thief, owner.phone)
  expect((await server.get('/api/admin/reviews', ADMIN_KEY)).body.data.items).toEqual([])
  expect(await owner.me()).toMatchObject({ canQuery: true })
})
