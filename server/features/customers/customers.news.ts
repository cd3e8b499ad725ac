import type { Db } from '../../lib/db.ts'
import type { CustomersDeps } from './customers.deps.ts'
import * as store from './customers.store.ts'
import { describeWay } from './tie.rules.ts'
import * as evidence from './evidence.store.ts'
import * as ties from './ties.store.ts'

/** `way`: how it was made, in words for people. */
export type News = ties.TieNews & { way: string }

const toNews = (tie: ties.TieNews | undefined): News | undefined =>
  tie && { ...tie, way: describeWay(tie.tiedBy) }

/** How a tie was made and ended. */
export const newsOf = async (db: Db, tieId: number): Promise<News | undefined> =>
  toNews(await ties.findNews(db, tieId))

/** What an account may not know yet: of its own latest tie, and of somebody else's with the same contact (D22). */
export async function newsFor(
  db: Db,
  accountId: number,
): Promise<{ own: News | undefined; beside: News | undefined }> {
  const own = await ties.findLatestOf(db, accountId)
  const beside = own?.endedAt === null ? await ties.findLatestBeside(db, accountId) : undefined
  return { own: toNews(own), beside: toNews(beside) }
}

const TIED_ELSEWHERE = 'account_tied_elsewhere'

/** A phone was proven, and the account that seems to be this contact's own is tied to another: a person must look (D22). */
export async function lookElsewhere(deps: CustomersDeps, externalUserId: string): Promise<void> {
  const now = deps.clock()
  await deps.db.transaction(async (db) => {
    await store.lock(db, 'contact', [externalUserId])
    const userId = await evidence.findProver(db, externalUserId)
    const elsewhere =
      userId === undefined ? [] : await ties.pageTiedElsewhere(db, externalUserId, now)
    if (userId === undefined || elsewhere.length === 0) return
    await store.insertReview(db, {
      kind: TIED_ELSEWHERE,
      externalUserId,
      userId,
      detail: { elsewhere },
      now,
    })
  })
}
