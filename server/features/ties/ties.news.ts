import { inTransaction, type Db } from '../../lib/db.ts'
import type { TiesDeps } from './ties.deps.ts'
import * as store from './news.store.ts'
import { describeWay } from './tie.rules.ts'

/** `way`: how it was made, in words for people. */
export type News = store.TieNews & { way: string }

const toNews = (tie: store.TieNews | undefined): News | undefined =>
  tie && { ...tie, way: describeWay(tie.tiedBy) }

/** How a tie was made and ended. */
export const newsOf = async (db: Db, tieId: number): Promise<News | undefined> =>
  toNews(await store.findNews(db, tieId))

/** What each of these accounts may not know yet: of its own latest tie, and of somebody else's with the same contact (D22). */
export async function pageNewsFor(
  db: Db,
  accountIds: readonly number[],
): Promise<{ own: News | undefined; beside: News | undefined }[]> {
  const [owns, besides] = await Promise.all([
    store.pageLatestOf(db, accountIds),
    store.pageLatestBeside(db, accountIds),
  ])
  return accountIds.map((id) => ({
    own: toNews(owns.find(({ accountId }) => accountId === id)),
    beside: toNews(besides.find(({ toldTo }) => toldTo === id)),
  }))
}

const TIED_ELSEWHERE = 'account_tied_elsewhere'

/** A phone was proven, and the account that seems to be this contact's own is tied to another: a person must look (D22). */
export async function lookElsewhere(deps: TiesDeps, externalUserId: string): Promise<void> {
  const now = deps.clock()
  await inTransaction(deps, async (tx) => {
    await tx.records.lock(tx.db, 'contact', [externalUserId])
    const userId = await tx.evidence.findProver(tx.db, externalUserId)
    if (userId === undefined) return
    const elsewhere = await store.pageTiedElsewhere(tx.db, { externalUserId, now })
    if (elsewhere.length === 0) return
    await tx.reviews.ask(tx.db, {
      kind: TIED_ELSEWHERE,
      externalUserId,
      userId,
      detail: { elsewhere },
      now,
    })
  })
}
