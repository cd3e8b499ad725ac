// Bind codes and bind links: keeps bind_codes (keyed hashes), code_tries, code_pauses and code_alarms.
// Woken by the page that asks for a code, and by `binding` when a contact has used one; `binding` also tidies it.
// Tells by its answers alone: the code once, to its page; to `binding` whose code it was, or that it missed and the
// contact must wait. What keeps guessing hopeless is here (docs/decisions/guessing-budget.md).
import { readBindCode } from '../../../shared/phone.ts'
import type { Db } from '../../lib/db.ts'
import { sha256 } from '../../lib/secrets.ts'
import type { BindCodesDeps } from './bind-codes.deps.ts'
import { issue } from './bind-codes.issue.ts'
import { redeem, type CodeUse } from './bind-codes.redeem.ts'
import { CODE } from './bind-codes.rules.ts'
import * as codes from './codes.store.ts'
import { LIMITS } from './limits.rules.ts'
import { deleteOldTries, forgetTries } from './limits.store.ts'

export type { Issued } from './bind-codes.issue.ts'
export type { CodeUse, Redeemed } from './bind-codes.redeem.ts'

/** Issues codes with their links, counts tries, and uses a code up, once. */
export function createBindCodes(deps: BindCodesDeps) {
  return {
    /** A new code with its link, unless the last one is too fresh. At most two are live: an older third gives way. */
    issue: (accountId: number) => issue(deps, accountId),
    /** Keyed hash of a message that is a try, or null when it is none; the digits themselves go no further. */
    hashTry: (text: string): string | null => {
      const code = readBindCode(text)
      return code === null ? null : deps.secrets.hmac('bind code', code).toString('base64')
    },
    /** Hash of the nonce of a bind link. */
    hashNonce: (nonce: string): string => sha256(nonce).toString('base64'),
    /** Uses a code or link, once, in the caller's transaction; a code that misses may pause the contact. */
    redeem: (db: Db, use: CodeUse) => redeem({ ...deps, db }, use),
    /** The code that each of these accounts was shown last, for its page. */
    pageLatest: codes.pageLatestCodes,
    /** Ends codes that no message can meet any more, and forgets old tries. */
    tidy: async (): Promise<void> => {
      const now = deps.clock()
      const endedBefore = new Date(now.getTime() - CODE.messageTooOldMs)
      await codes.expireCodes(deps.db, { endedBefore, now })
      await deleteOldTries(deps.db, new Date(now.getTime() - LIMITS.pause.rememberedMs))
    },
    /** Deletes codes that ended before then and that no attempt points to. */
    forget: (before: Date) => codes.forgetCodes(deps.db, before),
    /** Lets a paused contact try again; answers what was forgotten. */
    liftStop: (db: Db, externalUserId: string) => forgetTries(db, externalUserId),
  }
}
export type BindCodes = ReturnType<typeof createBindCodes>
