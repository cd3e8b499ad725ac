import { createAudit } from '../features/audit/audit.ts'
import { createCustomers } from '../features/customers/customers.ts'
import { createCustomerRecords } from '../features/customers/records.ts'
import { createErasures } from '../features/erasures/erasures.ts'
import { createEvidence } from '../features/evidence/evidence.ts'
import { createReviews } from '../features/reviews/reviews.ts'
import { createOwnership } from '../features/ownership/ownership.ts'
import { createSessions } from '../features/sessions/sessions.ts'
import { DEFAULTS, SANDBOX_DEFAULTS } from '../features/settings/settings.rules.ts'
import { createSettings } from '../features/settings/settings.ts'
import { createTies } from '../features/ties/ties.ts'
import type { Tools } from './tools.ts'

type Given = Pick<Tools, 'db' | 'reads' | 'clock' | 'facts' | 'log' | 'secrets'> & {
  sessionHours: number
  isSandbox?: boolean
  trustPhoneClaim: boolean
}

/** The rooms that decide who is who, which all others stand on. */
export function createWhoIsWho({ sessionHours, isSandbox = false, ...given }: Given) {
  const sessions = createSessions({ ...given, lifeHours: sessionHours })
  const audit = createAudit()
  const settings = createSettings({
    ...given,
    audit,
    defaults: isSandbox ? SANDBOX_DEFAULTS : DEFAULTS,
  })
  const ownership = createOwnership({ settings })
  const evidence = createEvidence(given)
  const erasures = createErasures(given)
  const reviews = createReviews()
  const records = createCustomerRecords()
  const ties = createTies({ ...given, sessions, evidence, records, reviews })
  const ground = { sessions, settings, ownership, erasures, evidence, reviews }
  const customers = createCustomers({ ...given, ...ground, ties })
  return { ...ground, audit, customers, ties }
}
