import type { Db } from '../../lib/db.ts'
import type { createFacts } from '../../lib/facts.ts'
import type { Log } from '../../lib/log.ts'
import type { Secrets } from '../../lib/secrets.ts'
import type { Sessions } from '../accounts/sessions.ts'
import type { Fact } from '../facts.ts'
import type { Parties } from '../projects/parties.ts'

export type CustomersDeps = {
  /** For what is decided outside anybody's transaction. */
  db: Db
  clock: () => Date
  secrets: Secrets
  facts: ReturnType<typeof createFacts<Fact>>
  sessions: Pick<Sessions, 'endOf'>
  parties: Pick<Parties, 'handOver'>
  /** BINDING_TRUST_PHONE_CLAIM (D1). */
  trustPhoneClaim: boolean
  log: Log
}
