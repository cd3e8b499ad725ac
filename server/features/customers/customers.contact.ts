import { inTransaction } from '../../lib/db.ts'
import type { CustomersDeps, Tx } from './customers.deps.ts'
import { considerPhones } from './customers.follows.ts'
import { lockPeople } from './customers.locks.ts'
import * as store from './customers.store.ts'
import * as history from './history.store.ts'
import * as neighbours from './neighbours.store.ts'

export type LockedContact = {
  externalUserId: string
  lockedAccountIds: readonly number[]
  now: Date
}

/** Runs the tables for everything known about a contact: phones, accounts with its unionid, permission. */
export async function considerContact(
  tx: Tx,
  { externalUserId, lockedAccountIds, now }: LockedContact,
): Promise<void> {
  const contact = await neighbours.findContact(tx.db, externalUserId)
  if (!contact) return
  const beside = await tx.ties.pageAccounts(tx.db, lockedAccountIds)
  const before = await permissionOf(tx, externalUserId)
  await considerPhones(tx, { contact, now })
  await tx.ties.considerAccountsOf(tx.db, { externalUserId, accounts: beside, now })
  if (before.mayQuery && !(await permissionOf(tx, externalUserId)).mayQuery)
    await endSessions(tx, { externalUserId, accountIds: before.accountIds, now })
}

async function permissionOf(tx: Tx, externalUserId: string) {
  const customer = await store.findByContact(tx.db, externalUserId)
  return customer
    ? store.readPermission(tx.db, customer.id)
    : { mayQuery: false, accountIds: [] as number[] }
}

type Lost = { externalUserId: string; accountIds: number[]; now: Date }

async function endSessions(tx: Tx, { externalUserId, accountIds, now }: Lost): Promise<void> {
  await tx.sessions.endOf(tx.db, accountIds)
  await history.insertHistory(tx.db, {
    now,
    externalUserId,
    decision: 'the permission ended',
    outcome: 'revoke',
    actor: 'decision table',
  })
}

/** Looks again at who was added before the company went live. */
export async function reconsiderLate(deps: CustomersDeps): Promise<void> {
  for (const externalUserId of await deps.reviews.pageSeenLate(deps.db)) {
    await inTransaction(deps, async (tx) => {
      const locked = await lockPeople(tx, { externalUserIds: [externalUserId], phoneHmacs: [] })
      const lockedAccountIds = locked.get(externalUserId)!
      await considerContact(tx, { externalUserId, lockedAccountIds, now: tx.clock() })
    })
  }
}
