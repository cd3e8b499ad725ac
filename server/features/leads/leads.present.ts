import type { AdvisorAction, Lead } from '../../../shared/api/leads.ts'
import { maskPhone } from '../../../shared/phone.ts'
import type { ActionRow } from './actions.store.ts'
import { toActionText } from './leads.rules.ts'
import type { LeadRow } from './leads.store.ts'

export const toLead = ({
  accountId: _,
  advisorId: __,
  phone,
  createdAt,
  updatedAt,
  ...lead
}: LeadRow): Lead => ({
  ...lead,
  phoneMasked: maskPhone(phone),
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
})

export const toAction = (row: ActionRow): AdvisorAction => ({
  actionId: row.id,
  actionType: row.actionType,
  text: toActionText(row.actionType, row.createdLead),
  times: row.times,
  at: row.lastAt.toISOString(),
  customerId: row.leadId ?? row.id,
  customerName: row.customerName,
  phoneMasked: row.phone && maskPhone(row.phone),
})
