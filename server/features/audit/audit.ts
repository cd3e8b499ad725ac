import type { Db } from '../../lib/db.ts'
import { maskText } from '../../lib/log.ts'
import * as store from './audit.store.ts'

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

/** The operation log (R0.63): who changed what, from what to what, and why. */
export function createAudit() {
  return {
    /** Writes an entry in the transaction of the change; phones are masked here, whatever the caller hands over. */
    record: (db: Db, operation: Operation) => store.insertOperation(db, { ...operation, before: masked(operation.before), after: masked(operation.after) }),
  }
}
export type Audit = ReturnType<typeof createAudit>

const masked = (value: object | null): string | null => value && maskText(JSON.stringify(value))
