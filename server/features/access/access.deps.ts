import type { Db } from '../../lib/db.ts'
import type { Audit } from '../audit/audit.ts'
import type { Members } from '../members/members.ts'

export type KeyDeps = {
  db: Db
  audit: Audit
  /** ADMIN_KEY of the environment. */
  adminKey: string | undefined
  clock: () => Date
}
export type AccessDeps = KeyDeps & { members: Pick<Members, 'standingNow' | 'namesOf'> }

/** Who changes keys and roles; the command line and the first start by their own names. */
export type By = { name: string; requestId: string; reason?: string }
