import type { createPeople } from './people.ts'
import type { Http } from './requests.ts'

/** For a member's page: two who wait, the second claimed by two accounts, and one whom 张三 added without noting the phone. Answers the two phones. */
export async function arriveWaiting(
  people: ReturnType<typeof createPeople>,
  server: Http,
): Promise<[string, string]> {
  const [first, second, rival] = [
    await people.arrive(),
    await people.arrive(),
    await people.arrive(),
  ]
  for (const [customer, phoneNumber] of [
    [first, first.phone],
    [second, second.phone],
    [rival, second.phone],
  ] as const) {
    await customer.signIn()
    await server.post('/api/binding/temp', { phoneNumber }, customer.token)
  }
  await people.add('zhangsan', (await people.arrive({ name: '赵敏' })).phone, {
    remarkMobile: 'empty',
  })
  return [first.phone, second.phone]
}
