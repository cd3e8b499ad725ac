import type { Db } from '../../lib/db.ts'
import type { Operation } from './audit.ts'

type Row = Omit<Operation, 'before' | 'after'> & { before: string | null; after: string | null }

export const insertOperation = (db: Db, row: Row) => db('operation_log').insert({
  at: row.now, operator_userid: row.operator, operation: row.operation, target_type: row.target.type, target_id: row.target.id,
  before: row.before, after: row.after, reason: row.reason ?? null, operation_detail: row.detail ?? null, request_id: row.requestId,
})
