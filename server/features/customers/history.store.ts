import type { Db } from '../../lib/db.ts'

export const insertHistory = (
  db: Db,
  row: {
    now: Date
    decision: string
    outcome: string
    actor: string
    accountId?: number | null
    externalUserId?: string | null
    customerId?: number | null
    phoneMasked?: string | null
    detail?: object
  },
) =>
  db('binding_history').insert({
    at: row.now,
    decision: row.decision,
    outcome: row.outcome,
    actor: row.actor,
    account_id: row.accountId ?? null,
    external_userid: row.externalUserId ?? null,
    customer_id: row.customerId ?? null,
    phone_masked: row.phoneMasked ?? null,
    detail: row.detail ?? {},
  })
