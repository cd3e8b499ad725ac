import { inTransaction } from '../../lib/db.ts'
import { forEveryOne } from '../../lib/item-fault.ts'
import * as store from './accounts.store.ts'
import type { TiesDeps, Tx } from './ties.deps.ts'
import { suspendOnMismatch } from './ties.mismatch.ts'
import { considerPair } from './ties.pairs.ts'

/** Runs the table for an account and every contact that it may belong to. */
export async function considerAccount(
  tx: Tx,
  { accountId, now }: { accountId: number; now: Date },
): Promise<void> {
  const { unionId } = await store.getAccount(tx.db, accountId)
  if (unionId != null) await tx.records.lock(tx.db, 'unionid', [unionId])
  await tx.records.lock(tx.db, 'account', [accountId])
  const account = await store.getAccount(tx.db, accountId)
  if (account.contact !== null)
    return suspendOnMismatch(tx, { account, externalUserId: account.contact, now })
  const contacts = await store.pageContactsFor(tx.db, { accountId, unionId: unionId ?? null })
  await tx.records.lock(tx.db, 'contact', contacts)
  for (const externalUserId of contacts)
    await considerPair(tx, { accountId, externalUserId, proof: { kind: 'none' }, now })
}

type Beside = { externalUserId: string; accounts: readonly store.AccountRow[]; now: Date }

/** The same for a contact and these accounts, as they were before the look at it: those of others are left alone. */
export async function considerAccountsOf(
  tx: Tx,
  { externalUserId, accounts, now }: Beside,
): Promise<void> {
  for (const { id: accountId, contact } of accounts) {
    if (contact === null)
      await considerPair(tx, { accountId, externalUserId, proof: { kind: 'none' }, now })
    else if (contact === externalUserId) {
      const account = await store.getAccount(tx.db, accountId)
      await suspendOnMismatch(tx, { account, externalUserId, now })
    }
  }
}

/** considerAccount in a transaction of its own. */
export const reconsiderAccount = (deps: TiesDeps, accountId: number): Promise<void> =>
  inTransaction(deps, (tx) => considerAccount(tx, { accountId, now: tx.clock() }))

/** The same, for the untied accounts that the WeChat user of a tied account has in other apps. */
export async function reconsiderSiblings(deps: TiesDeps, accountId: number): Promise<void> {
  const siblings = await store.pageUntiedSiblings(deps.db, accountId)
  await forEveryOne(siblings, (siblingId) => reconsiderAccount(deps, siblingId))
}

/** The unionid first: an account that signs in and a contact that learns its unionid at the same moment must not miss each other. */
export type Around = {
  externalUserId: string
  unionId: string | null
  phoneHmacs: readonly Buffer[]
}

/** Serialises what follows against other decisions about these contacts, and the accounts around each of them; answers these. */
export async function lockContacts(tx: Tx, contacts: readonly Around[]): Promise<number[][]> {
  await tx.records.lock(
    tx.db,
    'unionid',
    contacts.flatMap(({ unionId }) => unionId ?? []),
  )
  const accountIds: number[][] = []
  for (const around of contacts)
    accountIds.push((await store.pageAccountsOf(tx.db, around)).map((account) => account.id))
  await tx.records.lock(tx.db, 'account', accountIds.flat())
  await tx.records.lock(
    tx.db,
    'contact',
    contacts.map(({ externalUserId }) => externalUserId),
  )
  return accountIds
}

/** The same for accounts and contacts that are known. Take it before any other lock. */
export async function lock(
  tx: Tx,
  who: { accountIds: readonly number[]; externalUserIds: readonly string[] },
): Promise<void> {
  await tx.records.lock(tx.db, 'unionid', await store.pageUnionIds(tx.db, who.accountIds))
  await tx.records.lock(tx.db, 'account', who.accountIds)
  await tx.records.lock(tx.db, 'contact', who.externalUserIds)
}
