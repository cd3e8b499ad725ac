import type { Person } from '../../scripts/play/people.ts'
import { inventPhone } from '../../scripts/play/people.ts'
import { ADMIN_KEY, type Town } from './town.ts'

type Answer = Awaited<ReturnType<Town['server']['post']>>
const must = ({ status, body }: Answer): any => {
  if (status !== 200) throw new Error(`${String(status)} ${JSON.stringify(body)}`)
  return body.data
}

export type AdvisorLook = { memberUserid?: string | null; active?: boolean; name?: string }

export const saveAdvisor = async (
  { server }: Town,
  advisorId: string,
  look: AdvisorLook = {},
): Promise<void> => {
  const body = { name: '张三', active: true, services: ['量尺', '设计'], ...look }
  must(await server.put(`/api/admin/advisors/${advisorId}`, body, ADMIN_KEY))
}

/** Ties this account to the advisor by an invitation. */
export async function joinAdvisor(
  { server }: Town,
  advisorId: string,
  person: Person,
): Promise<void> {
  const { invite } = must(
    await server.post(`/api/admin/advisors/${advisorId}/invite`, undefined, ADMIN_KEY),
  )
  must(await server.post('/api/advisor/join', { invite }, person.token))
}

/** An advisor with an account of the mini-program. */
export async function createAdvisor(town: Town, advisorId: string, look: AdvisorLook = {}) {
  await saveAdvisor(town, advisorId, look)
  const person = await town.people.arrive({ name: '张三' })
  await person.signIn()
  await joinAdvisor(town, advisorId, person)
  return { ...person, token: person.token, advisorId }
}

type Saying = { actionData?: object; customerName?: string; customerPhone?: string }
export type Acted = {
  actionId: string
  customerCreated: boolean
  customerId: string | null
  bookingId?: string
}

export const act = async (
  { server }: Town,
  person: Person,
  about: Saying & { advisorId: string; actionType: string },
): Promise<Acted> => must(await server.post('/api/customer/action', about, person.token)) as Acted

/** The same day for all that is booked in a test. */
export const VISIT_IN_DAYS = 10
export const visitDay = ({ clock }: Town): string =>
  new Date(clock.now().getTime() + VISIT_IN_DAYS * 24 * 3_600_000).toISOString().slice(0, 10)

/** As a message writes it: 6月1日. */
export const toShort = (day: string): string => {
  const [, month, date] = day.split('-').map(Number)
  return `${String(month)}月${String(date)}日`
}

export const book = (town: Town, person: Person, advisorId: string): Promise<Acted> =>
  act(town, person, {
    advisorId,
    actionType: 'book_service',
    actionData: { date: visitDay(town), part: 'morning', service: '量尺' },
    customerName: '王小明',
    customerPhone: person.phone ?? inventPhone(),
  })

export const moveBooking = async (
  { server }: Town,
  advisor: { token: string },
  { bookingId, state }: { bookingId: string; state: string },
): Promise<void> => {
  must(await server.post(`/api/advisor/bookings/${bookingId}`, { state }, advisor.token))
}

export const cancelBooking = async (
  { server }: Town,
  person: { token: string },
  bookingId: string,
): Promise<void> => {
  must(await server.post(`/api/bookings/${bookingId}/cancel`, undefined, person.token))
}
