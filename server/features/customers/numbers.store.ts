import type { Db } from '../../lib/db.ts'

/** Who holds a number, proven or not. */
export const findHolder = (db: Db, phoneHmac: Buffer) =>
  db('customers')
    .where({ phone_hmac: phoneHmac })
    .whereNull('merged_into')
    .first<{ id: number; phone: string; contact: string | null } | undefined>({
      id: 'id',
      phone: 'phone',
      contact: 'wework_userid',
    })

/**
 * The office's name of whoever has the number, and of `others`: from the orders that are his, those first of which that
 * is sure; for a number that nobody has proven, from what was loaded for it.
 */
export const refreshNames = (db: Db, phoneHmac: Buffer, others: readonly number[] = []) =>
  db.raw(
    `
  update customers c set name = n.name
  from (
    select h.id, coalesce(
      (select p.name_then from project_parties p where p.customer_id = h.id and p.strength is not null and p.name_then is not null
       order by p.strength = 'strong' desc, p.created_at desc, p.id desc limit 1),
      (select p.name from project_parties p where h.wework_userid is null and p.phone_hmac = h.phone_hmac and p.customer_id is null and p.name is not null
       order by p.created_at desc, p.id desc limit 1)) as name
    from customers h where h.merged_into is null and (h.phone_hmac = :phoneHmac or h.id = any(:others))
  ) n
  where c.id = n.id and c.name is distinct from n.name`,
    { phoneHmac, others },
  )

type Answer = {
  externalUserId: string
  phoneHmac: Buffer
  by: string
  reason: string
  now: Date
} & ({ kind: 'same' } | { kind: 'changed'; since: Date })

export const insertAnswer = (db: Db, row: Answer) =>
  db('number_answers').insert({
    kind: row.kind,
    external_userid: row.externalUserId,
    phone_hmac: row.phoneHmac,
    since: row.kind === 'changed' ? row.since : null,
    answered_at: row.now,
    answered_by: row.by,
    reason: row.reason,
  })

/** Whether just this was said before whoever has the number now got it: that it was somebody else's from that day on. */
export const wasSaidBefore = async (
  db: Db,
  { phoneHmac, since, owner }: { phoneHmac: Buffer; since: Date; owner: string },
): Promise<boolean> =>
  (await db('number_answers as d')
    .where({ 'd.kind': 'changed', 'd.phone_hmac': phoneHmac, 'd.since': since })
    .whereNot('d.external_userid', owner)
    .whereExists((proof) =>
      proof
        .select('e.id')
        .from('evidence as e')
        .where({ 'e.external_userid': owner, 'e.phone_hmac': phoneHmac })
        .whereNull('e.revoked_at')
        .whereRaw('e.observed_at >= d.answered_at'),
    )
    .first<{ id: number } | undefined>('d.id')) !== undefined

/** When a person last said that a number is this contact's no more: what began before proves it no longer. */
export const pageDenials = async (
  db: Db,
  externalUserId: string,
): Promise<{ phoneHmac: Buffer; at: Date }[]> =>
  db('number_answers')
    .where({ external_userid: externalUserId, kind: 'changed' })
    .groupBy('phone_hmac')
    .select<{ phoneHmac: Buffer; at: Date }[]>(
      { phoneHmac: 'phone_hmac' },
      db.raw('max(answered_at) as at'),
    )

/** The numbers that the customers of these contacts have. */
export const pageNumbersOf = (db: Db, externalUserIds: readonly string[]): Promise<Buffer[]> =>
  db('customers')
    .whereIn('wework_userid', externalUserIds)
    .whereNull('merged_into')
    .whereNotNull('phone_hmac')
    .pluck('phone_hmac')
