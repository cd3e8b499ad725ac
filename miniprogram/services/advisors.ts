import type { Advisor, AdvisorCard } from '../../shared/api/advisors.ts'
import type { ActionBody, BookingIn } from '../../shared/api/leads.ts'
import { api } from '../lib/api.ts'

export type { Advisor, AdvisorCard }
export type AdvisorPage = { items: AdvisorCard[]; nextCursor?: string }

export const fetchAdvisors = (cursor?: string): Promise<AdvisorPage> =>
  api.get('/api/advisors', { cursor })

export const fetchAdvisor = (advisorId: string): Promise<Advisor> =>
  api.get(`/api/advisors/${encodeURIComponent(advisorId)}`)

const FRESH_MS = 5 * 60_000
let known: { at: number; page: AdvisorPage } | null = null

/** The first advisors, as a page needs them that only leads to them; none when they cannot be asked for. */
export async function knowAdvisors(): Promise<AdvisorPage> {
  if (known && Date.now() - known.at < FRESH_MS) return known.page
  try {
    known = { at: Date.now(), page: await fetchAdvisors() }
  } catch {
    return known?.page ?? { items: [] }
  }
  return known.page
}

type Action = Omit<ActionBody, 'customerId'>
const act = (action: Action): Promise<{ bookingId?: string }> =>
  api.post('/api/customer/action', action)

/** Tells the advisor what the customer did. Nobody waits for it, and a failure is not the customer's. */
export const tellAction = (
  advisorId: string,
  actionType: 'view_resume' | 'contact_advisor' | 'view_project',
): void => {
  const timestamp = new Date().toISOString()
  const actionData = { timestamp, ...(actionType === 'view_resume' && { resumeId: advisorId }) }
  act({ advisorId, actionType, actionData }).catch(() => {})
}

export type Wish = BookingIn & { name?: string; phone?: string }

/** Books; it is never tried again by itself. */
export async function book(advisorId: string, { name, phone, ...actionData }: Wish): Promise<void> {
  await act({
    advisorId,
    actionType: 'book_service',
    actionData,
    ...(name !== undefined && { customerName: name }),
    ...(phone !== undefined && { customerPhone: phone }),
  })
}
