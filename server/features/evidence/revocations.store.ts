import type { Db } from '../../lib/db.ts'

export const revoke = (
  db: Db,
  { ids, reason, now }: { ids: readonly number[]; reason: string; now: Date },
) =>
  db('evidence')
    .whereIn('id', ids)
    .whereNull('revoked_at')
    .update({ revoked_at: now, revoked_reason: reason })

/** Ends what admins said of a customer's number (E7); answers since when they had said it, null: they had not. */
export async function revokeManual(
  db: Db,
  row: { customerId: number; phoneHmac: Buffer; reason: string; now: Date },
): Promise<Date | null> {
  const said = await db('evidence')
    .where({ kind: 'manual', customer_id: row.customerId, phone_hmac: row.phoneHmac })
    .whereNull('revoked_at')
    .update({ revoked_at: row.now, revoked_reason: row.reason })
    .returning<{ observed_at: Date }[]>('observed_at')
  return (
    said
      .map((one) => one.observed_at)
      .toSorted((one, other) => one.getTime() - other.getTime())[0] ?? null
  )
}

/** Tickets and welcome cards of this contact that these accounts have opened (E4): somebody has said that it was not he. */
export const revokeTickets = (
  db: Db,
  row: { accountIds: readonly number[]; externalUserId: string; reason: string; now: Date },
) =>
  db('evidence')
    .where({ kind: 'ticket', external_userid: row.externalUserId })
    .whereIn('account_id', row.accountIds)
    .whereNull('revoked_at')
    .update({ revoked_at: row.now, revoked_reason: row.reason })

/** A claim that ended is no evidence (D26). */
export const revokeClaims = (
  db: Db,
  { claimIds, reason, now }: { claimIds: readonly number[]; reason: string; now: Date },
) =>
  db('evidence')
    .where({ kind: 'phone_claim' })
    .whereRaw('source_id = any(?::text[])', [claimIds.map(String)])
    .whereNull('revoked_at')
    .update({ revoked_at: now, revoked_reason: reason })

type Lost = {
  customerId: number
  externalUserId: string | null
  phoneHmac: Buffer
  /** When he gave it up. */
  since: Date
  reason: string
  now: Date
}

/**
 * Ends whatever says that a number is a customer's: searches, an admin's word, what his accounts said, and what WeChat said
 * of them, or of any account until then: whoever pressed the button may have bound himself to nobody yet.
 */
export const revokePhone = (
  db: Db,
  { customerId, externalUserId, phoneHmac, since, reason, now }: Lost,
) =>
  db('evidence')
    .where({ phone_hmac: phoneHmac })
    .whereNull('revoked_at')
    .where((his) =>
      his
        .where({ kind: 'manual', customer_id: customerId })
        .orWhere({ kind: 'phone_search', external_userid: externalUserId ?? '' })
        .orWhere((said) =>
          said.whereIn('kind', ['phone_claim', 'phone_button']).whereIn('account_id', (ever) =>
            ever
              .select('account_id')
              .from('customer_accounts')
              .where({ external_userid: externalUserId ?? '' }),
          ),
        )
        .orWhere((given) =>
          given.where({ kind: 'phone_button' }).where('observed_at', '<=', since),
        ),
    )
    .update({ revoked_at: now, revoked_reason: reason })
