import type { Db, Within } from '../../lib/db.ts'
import type { Audit } from '../audit/audit.ts'
import type { Media } from '../media/media.ts'

export type AdvisorsDeps = {
  db: Db
  audit: Pick<Audit, 'record'>
  media: Pick<Media, 'attach' | 'remove' | 'addressOf'>
  /** Where customers reach the customer service; null while nobody knows. */
  support: () => Promise<{ kfUrl: string; corpId: string } | null>
  clock: () => Date
}
export type Tx = Within<AdvisorsDeps>

/** Who acts, as the operation log names him. */
export type By = { name: string; requestId: string; reason?: string | undefined }

type Entry = {
  by: By
  operation: string
  advisorId: string
  before: object | null
  after: object | null
  now: Date
}

export const record = (tx: Tx, { by, advisorId, ...entry }: Entry) =>
  tx.audit.record(tx.db, {
    ...entry,
    operator: by.name,
    requestId: by.requestId,
    target: { type: 'advisor', id: advisorId },
    ...(by.reason !== undefined && { reason: by.reason }),
  })
