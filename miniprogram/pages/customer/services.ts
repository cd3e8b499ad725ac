import type { AdvisorMe } from '../../../shared/api/advisors.ts'
import type {
  AdvisorAction,
  AdvisorBooking,
  AdvisorCustomer,
  Lead,
} from '../../../shared/api/leads.ts'
import type { LeadState } from '../../../shared/advisors.ts'
import { api } from '../../lib/api.ts'
import { forgetAnswer } from '../../services/advisor-self.ts'

export type { AdvisorAction, AdvisorBooking, AdvisorCustomer, Lead }
export type PageOf<Item> = { items: Item[]; nextCursor?: string }

export const fetchActions = (cursor?: string): Promise<PageOf<AdvisorAction>> =>
  api.get('/api/advisor/actions', { cursor })
export const fetchLeads = (cursor?: string): Promise<PageOf<Lead>> =>
  api.get('/api/advisor/leads', { cursor })

/** The latest day comes first: what comes next must be among them. */
const APPOINTMENTS = 100
export const fetchAppointments = (cursor?: string): Promise<PageOf<AdvisorBooking>> =>
  api.get('/api/advisor/bookings', { cursor, limit: APPOINTMENTS })

/** By the id of a lead or, without one, of an action. */
export const fetchCustomer = (id: string): Promise<AdvisorCustomer> =>
  api.get(`/api/advisor/customers/${encodeURIComponent(id)}`)

/** The whole number: that it was looked at is written down. */
export const revealPhone = async (leadId: string): Promise<string> =>
  (await api.post<{ phone: string }>(`/api/advisor/leads/${encodeURIComponent(leadId)}/reveal`))
    .phone

export const saveLead = (
  id: string,
  change: { state?: LeadState; note?: string | null },
): Promise<unknown> => api.post(`/api/advisor/leads/${encodeURIComponent(id)}`, change)

export const moveBooking = (id: string, state: AdvisorBooking['state']): Promise<unknown> =>
  api.post(`/api/advisor/bookings/${encodeURIComponent(id)}`, { state })

/** Whose invitation it is; takes nothing. */
export const lookAtInvitation = (invite: string): Promise<{ name: string }> =>
  api.post('/api/advisor/join/look', { invite })

export async function join(invite: string): Promise<AdvisorMe> {
  const joined = await api.post<AdvisorMe>('/api/advisor/join', { invite })
  forgetAnswer()
  return joined
}
