import type { Db } from '../../lib/db.ts'
import type { createFacts } from '../../lib/facts.ts'
import type { Log } from '../../lib/log.ts'
import type { Secrets } from '../../lib/secrets.ts'
import type { Sessions } from '../sessions/sessions.ts'
import type { Fact } from '../facts.ts'
import type { Ownership } from '../ownership/ownership.ts'

export type CustomersDeps = {
  /** For what is decided outside anybody's transaction. */
  db: Db
  clock: () => Date
  secrets: Secrets
  facts: ReturnType<typeof createFacts<Fact>>
  sessions: Pick<Sessions, 'endOf'>
  ownership: Ownership
  settings: { read: (db: Db) => Promise<{ goLiveAt: string | null }> }
  /** BINDING_TRUST_PHONE_CLAIM (D1). */
  trustPhoneClaim: boolean
  log: Log
}
