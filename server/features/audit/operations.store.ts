import type { Db } from '../../lib/db.ts'

export type StoredOperation = {
  id: number
  at: Date
  operator: string
  operation: string
  targetType: string
  targetId: string
  before: unknown
  after: unknown
  reason: string | null
  detail: string | null
  requestId: string | null
}

const COLUMNS: Record<keyof StoredOperation, string> = {
  id: 'id',
  at: 'at',
  operator: 'operator_userid',
  operation: 'operation',
  targetType: 'target_type',
  targetId: 'target_id',
  before: 'before',
  after: 'after',
  reason: 'reason',
  detail: 'operation_detail',
  requestId: 'request_id',
}

export type Filter = {
  operator?: string | undefined
  operation?: string | undefined
  targetType?: string | undefined
  targetId?: string | undefined
  from?: string | undefined
  to?: string | undefined
  /** The number of the last one seen; null: from the newest on. */
  before: number | null
  limit: number
}

/** The newest first. A year of them is read backwards along the key, or along that of who, what or whom. */
export function pageOperations(db: Db, filter: Filter): Promise<StoredOperation[]> {
  const query = db('operation_log')
  const equal = {
    operator_userid: filter.operator,
    operation: filter.operation,
    target_type: filter.targetType,
    target_id: filter.targetId,
  }
  for (const [column, value] of Object.entries(equal))
    if (value !== undefined) void query.where(column, value)
  if (filter.from !== undefined) void query.where('at', '>=', filter.from)
  if (filter.to !== undefined) void query.where('at', '<', filter.to)
  if (filter.before !== null) void query.where('id', '<', filter.before)
  return query.orderBy('id', 'desc').limit(filter.limit).select<StoredOperation[]>(COLUMNS)
}
