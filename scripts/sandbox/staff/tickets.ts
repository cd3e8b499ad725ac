import { refusal } from '../base/errcodes.ts'
import type { Stage } from '../world/stage.ts'

const LIFE_SECONDS = 7200

/** GET get_jsapi_ticket (W:90506): signs wx.config of any page of the company. The same ticket until it ends. */
export const corpTicket = (stage: Stage): Record<string, unknown> => ticketOf(stage, 'corp')

/** GET ticket/get?type=agent_config (W:94313): signs wx.agentConfig of this app alone. */
export function agentTicket(stage: Stage, query: Record<string, string>): Record<string, unknown> {
  if (query['type'] !== 'agent_config') throw refusal(40058, 'type must be agent_config')
  return ticketOf(stage, 'agent')
}

function ticketOf(stage: Stage, kind: 'corp' | 'agent'): Record<string, unknown> {
  const { tickets } = stage.world.staff
  const known = tickets[kind]
  const now = stage.now()
  const ticket =
    known !== undefined && now < known.expiresAt
      ? known
      : { ticket: stage.makeId(86), expiresAt: now + LIFE_SECONDS }
  tickets[kind] = ticket
  return { ticket: ticket.ticket, expires_in: ticket.expiresAt - now }
}
