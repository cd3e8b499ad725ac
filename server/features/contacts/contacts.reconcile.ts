import type { FollowedContact } from '../../outside/wecom/contacts.ts'
import type { ContactsDeps } from './contacts.deps.ts'
import * as store from './contacts.store.ts'

export type Report = { seen: number; repaired: number; missing: number; ended: number }

/**
 * Pulls every contact of every member, because events get lost and API edits send none (platform-facts 3.1). What a pull
 * does not show is ended only when a second complete one agrees, and only for members who are in view (D7).
 *
 * @throws what WeCom throws: an incomplete pull proves nothing about what it did not see.
 */
export async function reconcile(deps: ContactsDeps): Promise<Report> {
  const startedAt = deps.clock()
  const id = await store.insertReconciliation(deps.db, startedAt)
  const members = await deps.wecom.contacts.followUsers()
  const report: Report = { seen: 0, repaired: 0, missing: 0, ended: 0 }
  let askedAt = startedAt
  for await (const page of deps.wecom.contacts.pagesByUsers(members)) {
    for (const followed of page) {
      report.seen += 1
      if (await repair(deps, { ...followed, askedAt })) report.repaired += 1
    }
    askedAt = deps.clock() // the next page is asked for when the loop goes on
  }
  const missing = await store.countMissed(deps.db, { members, before: startedAt })
  report.missing = missing.length
  for (const { externalUserId, userId } of missing.filter(({ pulls }) => pulls >= 2)) {
    await endMissing(deps, { externalUserId, userId })
    report.ended += 1
  }
  await store.finishReconciliation(deps.db, id, { at: deps.clock(), report })
  deps.log.info(report, 'all contacts were pulled')
  return report
}

/** Answers whether our mirror differed. */
async function repair(deps: ContactsDeps, { follow, askedAt, ...contact }: FollowedContact & { askedAt: Date }): Promise<boolean> {
  if (await store.isMirrored(deps.db, contact, follow)) {
    await store.markSeen(deps.db, { externalUserId: contact.externalUserId, userId: follow.userId, askedAt })
    return false
  }
  await deps.db.transaction(async (db) => {
    const locked = await deps.customers.lockContact(db, { externalUserId: contact.externalUserId, unionId: contact.unionid ?? null, mobiles: follow.remarkMobiles })
    await store.upsertContact(db, { ...contact, follows: [follow] }, askedAt)
    await store.upsertFollow(db, contact.externalUserId, { follow, askedAt })
    await store.upsertAddEvent(db, contact.externalUserId, follow, null)
    await deps.customers.considerContact(db, contact.externalUserId, locked, deps.clock())
  })
  return true
}

async function endMissing(deps: ContactsDeps, follow: { externalUserId: string; userId: string }): Promise<void> {
  await deps.db.transaction(async (db) => {
    const locked = await deps.customers.lockContact(db, { externalUserId: follow.externalUserId, unionId: null, mobiles: [] })
    const now = deps.clock()
    await store.endFollow(db, { ...follow, at: now, transferred: false })
    await deps.customers.considerContact(db, follow.externalUserId, locked, now)
  })
}
