import type { ManualBindBody } from '../../../shared/api/remedies.ts'
import { handOver, type Hand } from './remedies.hand-over.ts'
import { bindManually } from './remedies.bind.ts'
import type { Operator, RemediesDeps, Remedy } from './remedies.deps.ts'
import { changePhone, resume, unbind, type PhoneChange } from './remedies.mend.ts'
import { liftStop } from './remedies.stops.ts'

/**
 * What a person mends by hand (R0.60, R0.79). Owns no table: each remedy is a verb of the room that does. Woken by admins
 * alone. Tells nobody itself; the rooms that it asks tell what they change. Everything here has a reason and leaves before
 * and after in the operation log.
 */
export function createRemedies(deps: RemediesDeps) {
  return {
    bindManually: (body: ManualBindBody, operator: Operator) =>
      bindManually(deps, { ...body, operator }),
    unbind: (customerId: number, remedy: Remedy) => unbind(deps, { customerId, ...remedy }),
    changePhone: (customerId: number, change: PhoneChange, remedy: Remedy) =>
      changePhone(deps, { customerId, ...change, ...remedy }),
    resume: (customerId: number, remedy: Remedy) => resume(deps, { customerId, ...remedy }),
    liftStop: (externalUserId: string, remedy: Remedy) =>
      liftStop(deps, { externalUserId, ...remedy }),
    /** D20: a number changed hands. A dry run says what would happen and leaves everything as it is. */
    handOver: (hand: Hand, remedy: Remedy) => handOver(deps, { ...hand, ...remedy }),
  }
}
export type Remedies = ReturnType<typeof createRemedies>
export type { ManualOutcome } from './remedies.bind.ts'
export type { Mended, Refusal } from './remedies.mend.ts'
export type { Lifted } from './remedies.stops.ts'
export type { Handed } from './remedies.hand-over.ts'
