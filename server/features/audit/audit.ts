import type { Db } from '../../lib/db.ts'
import { maskDeep, maskText } from '../../lib/log.ts'
import * as store from './audit.store.ts'

/**
 * The operation log (R0.63): who changed what, from what to what, and why. Keeps `operation_log`, to which it only adds.
 * Woken by every room that acts for an admin or a member, in the transaction of the change: no change without its entry, no
 * entry without its change. Tells nobody.
 */
export function createAudit() {
  return {
    /** Writes an entry in the transaction of the change; phones are masked here, whatever the caller hands over. */
    record: (db: Db, { reason, detail, ...operation }: store.Operation) =>
      store.insertOperation(db, {
        ...operation,
        before: masked(operation.before),
        after: masked(operation.after),
        ...(reason !== undefined && { reason: maskText(reason) }),
        ...(detail !== undefined && { detail: maskText(detail) }),
      }),
  }
}
export type Audit = ReturnType<typeof createAudit>

const masked = (value: object | null): object | null => value && (maskDeep(value) as object)
