import type { BindCodeAnswer, BindingStatusAnswer, TicketAnswer } from '../../shared/api/binding.ts'
import { api } from '../lib/api.ts'
import { serverNow } from '../lib/clock.ts'

let held: BindCodeAnswer | null = null

/**
 * The live code this mini-program has shown last. The server keeps only a hash, so a page that is opened again would
 * otherwise ask for a new one each time and meet the limit.
 */
export const heldCode = (): BindCodeAnswer | null =>
  held && Date.parse(held.expiresAt) > serverNow() ? held : null
export const forgetCode = (): void => {
  held = null
}

export async function issueCode(): Promise<BindCodeAnswer> {
  held = await api.post<BindCodeAnswer>('/api/binding/code')
  return held
}

export const fetchStatus = (): Promise<BindingStatusAnswer> => api.get('/api/binding/status')

/** What a ticket is for: the item of the chat, or the card of an advisor's welcome. */
export const lookAtTicket = (ticket: string): Promise<TicketAnswer> =>
  api.post('/api/binding/ticket/look', { ticket })

/** Opens a one-time ticket from the chat; answers how the binding stands then. */
export const openTicket = (ticket: string): Promise<BindingStatusAnswer> =>
  api.post('/api/binding/ticket', { ticket })

/** Says which phone number is mine, so that an advisor can find me; proves nothing. */
export const claimPhone = (
  phoneNumber: string,
): Promise<{ tempBindingId: number; expiresAt: string }> =>
  api.post('/api/binding/temp', { phoneNumber })
