import type { Db } from '../../lib/db.ts'
import type { AccountRow } from './accounts.store.ts'

type NewTie = {
  customerId: number
  account: AccountRow
  externalUserId: string
  evidenceId: number
  tiedBy: string
  toldInChat: boolean
  now: Date
}

export async function insertTie(db: Db, tie: NewTie): Promise<number> {
  const [inserted] = await db('customer_accounts')
    .insert({
      customer_id: tie.customerId,
      account_id: tie.account.id,
      app: tie.account.app,
      external_userid: tie.externalUserId,
      evidence_id: tie.evidenceId,
      tied_at: tie.now,
      tied_by: tie.tiedBy,
      told_in_chat: tie.toldInChat,
    })
    .returning<{ id: number }[]>('id')
  return inserted!.id
}

/** Ends the live ties of a customer with these accounts. */
export const endTies = (
  db: Db,
  row: { customerId: number; accountIds: readonly number[]; by: string; now: Date },
) =>
  db('customer_accounts')
    .where({ customer_id: row.customerId })
    .whereIn('account_id', row.accountIds)
    .whereNull('ended_at')
    .update({ ended_at: row.now, ended_by: row.by })

/** Two customers are one person: the accounts of the one are the other's. */
export const moveTies = (db: Db, { from, to }: { from: number; to: number }) =>
  db('customer_accounts').where({ customer_id: from }).update({ customer_id: to })

export type PairEnding = { at: Date; by: 'customer' | 'contact' | 'not_me' | 'admin' }

/** When, and by whom, somebody last ended this contact's tie with an account, or with another account of the same WeChat user. */
export function findPairEnding(
  db: Db,
  {
    accountId,
    unionId,
    externalUserId,
  }: { accountId: number; unionId: string | null; externalUserId: string },
): Promise<PairEnding | undefined> {
  return db('pair_endings as p')
    .join('accounts as a', 'a.id', 'p.account_id')
    .where('p.external_userid', externalUserId)
    .where((his) =>
      his
        .where('a.id', accountId)
        .modify((query) => void (unionId !== null && query.orWhere('a.unionid', unionId))),
    )
    .orderBy('p.ended_at', 'desc')
    .orderBy('p.id', 'desc')
    .first<PairEnding | undefined>({ at: 'p.ended_at', by: 'p.ended_by' })
}

export const insertPairEnding = (
  db: Db,
  row: { accountId: number; externalUserId: string; by: PairEnding['by']; now: Date },
) =>
  db('pair_endings').insert({
    account_id: row.accountId,
    external_userid: row.externalUserId,
    ended_at: row.now,
    ended_by: row.by,
  })

/** Whether a code or link of the account, used in the contact's chat, waits for its end: which is told there. The table is binding's. */
export const hasOpenAttempt = async (
  db: Db,
  { accountId, externalUserId }: { accountId: number; externalUserId: string },
): Promise<boolean> =>
  (await db('pending_bindings')
    .where({ account_id: accountId, external_userid: externalUserId })
    .whereRaw(`state = 'open'`)
    .whereIn('via', ['kf_code', 'kf_link'])
    .first<{ id: string } | undefined>('id')) !== undefined

/** Whether the last thing that was decided about a pair is this refusal. */
export const wasLastRefused = async (
  db: Db,
  { decision, ...pair }: { accountId: number; externalUserId: string; decision: string },
): Promise<boolean> => {
  const last = await db('binding_history')
    .where({ account_id: pair.accountId, external_userid: pair.externalUserId })
    .orderBy('id', 'desc')
    .first<{ decision: string; outcome: string } | undefined>('decision', 'outcome')
  return last?.decision === decision && last.outcome === 'refuse'
}
