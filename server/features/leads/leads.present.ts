import type { AdvisorAction, Lead } from '../../../shared/api/leads.ts'
import { maskPhone } from '../../../shared/phone.ts'
import { maskText } from '../../lib/log.ts'
import type { ActionRow } from './actions.store.ts'
import { toActionText } from './leads.rules.ts'
import type { LeadRow } from './leads.store.ts'

/** Whatever a customer calls himself: a phone in it is told by no list. */
export const toLead = ({ id, customerNo, source, state, remark, note, ...row }: LeadRow): Lead => ({
  id,
  customerNo,
  name: row.name && maskText(row.name),
  phoneMasked: maskPhone(row.phone),
  source,
  state,
  remark,
  note,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
})

export const toAction = (row: ActionRow): AdvisorAction => ({
  actionId: row.id,
  actionType: row.actionType,
  text: toActionText(row.actionType, row.createdLead),
  times: row.times,
  at: row.lastAt.toISOString(),
  customerId: row.leadId ?? row.id,
  customerName: row.customerName && maskText(row.customerName),
  phoneMasked: row.phone && maskPhone(row.phone),
})
