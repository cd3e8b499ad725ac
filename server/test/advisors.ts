import type { Person } from '../../scripts/play/people.ts'
import type { Reply } from '../../scripts/play/requests.ts'
import { ADMIN_KEY, type Town } from './town.ts'

/** What the office says of an advisor. */
export async function saveAdvisor(town: Town, advisorId: string, more: object = {}): Promise<void> {
  const body = { name: `顾问 ${advisorId}`, active: true, ...more }
  const { status } = await town.server.put(`/api/admin/advisors/${advisorId}`, body, ADMIN_KEY)
  if (status !== 200) throw new Error(`the office cannot save ${advisorId}: ${String(status)}`)
}

/** An advisor who has joined with his own WeChat. */
export async function joinAdvisor(
  town: Town,
  advisorId: string,
  more: object = {},
): Promise<Person> {
  await saveAdvisor(town, advisorId, more)
  const person = await town.people.arrive({ name: '张三' })
  await person.signIn()
  const path = `/api/admin/advisors/${advisorId}/invite`
  const { invite } = (await town.server.post(path, undefined, ADMIN_KEY)).body.data
  const { status } = await town.server.post('/api/advisor/join', { invite }, person.token)
  if (status !== 200) throw new Error(`${advisorId} cannot join: ${String(status)}`)
  return person
}

/** What a customer does about an advisor; signed in already. */
export const act = (town: Town, { token }: Person, body: object): Promise<Reply> =>
  town.server.post('/api/customer/action', body, token)
