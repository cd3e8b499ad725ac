import type { Db } from '../../lib/db.ts'

export type Operation = {
  operator: string
  operation: string
  target: { type: string; id: string }
  before: object | null
  after: object | null
  reason?: string
  detail?: string
  requestId: string
  now: Date
}

export const insertOperation = (db: Db, row: Operation) =>
  db('operation_log').insert({
    at: row.now,
    operator_userid: row.operator,
    operation: row.operation,
    target_type: row.target.type,
    target_id: row.target.id,
    before: row.before && JSON.stringify(row.before),
    after: row.after && JSON.stringify(row.after),
    reason: row.reason ?? null,
    operation_detail: row.detail ?? null,
    request_id: row.requestId,
  })
