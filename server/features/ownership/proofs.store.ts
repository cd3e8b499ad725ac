import type { Db } from '../../lib/db.ts'
import type { Owner } from './parties.rules.ts'

/**
 * Adds and words of an admin for a number, of the customer who holds it. E5 counts from WeCom's own add time, never from
 * when we looked; what a denial came after counts for nothing.
 */
const PROOFS = `
  select c.id, c.wework_userid as contact, e.revoked_at is null and (e.valid_until is null or e.valid_until > :now) as live,
    case e.kind when 'manual' then e.observed_at else v.followed_at end as at
  from customers c
  join evidence e on e.phone_hmac = c.phone_hmac
    and ((e.kind = 'phone_search' and e.external_userid = c.wework_userid) or (e.kind = 'manual' and e.customer_id = c.id))
  left join wework_customer_events v on v.id = e.event_id
  where c.phone_hmac = :phoneHmac and c.merged_into is null
    and not exists (select 1 from number_answers d where d.kind = 'changed' and d.phone_hmac = c.phone_hmac
      and d.external_userid = c.wework_userid and d.answered_at >= case e.kind when 'manual' then e.observed_at else v.followed_at end)`

export async function findOwner(
  db: Db,
  { phoneHmac, now }: { phoneHmac: Buffer; now: Date },
): Promise<Owner | undefined> {
  const { rows } = await db.raw<{ rows: Owner[] }>(
    `
    select p.id as "customerId", p.contact, min(p.at) as "firstAt", max(p.at) filter (where p.live) as "addedAt",
      greatest(max(p.at) filter (where p.live), (select max(s.answered_at) from number_answers s
        where s.kind = 'same' and s.phone_hmac = :phoneHmac and s.external_userid = p.contact)) as "provenAt"
    from (${PROOFS}) p where p.at is not null group by p.id, p.contact having bool_or(p.live)`,
    { phoneHmac, now: now.toISOString() },
  )
  return rows[0]
}

/** The earliest add of a customer by a number, or word of an admin for it, whatever became of it later. */
export async function findFirstProof(
  db: Db,
  of: { customerId: number; phoneHmac: Buffer },
): Promise<Date | null> {
  const { rows } = await db.raw<{ rows: { at: Date | null }[] }>(
    `
    select min(case e.kind when 'manual' then e.observed_at else v.followed_at end) as at
    from customers c
    join evidence e on (e.kind = 'phone_search' and e.external_userid = c.wework_userid) or (e.kind = 'manual' and e.customer_id = c.id)
    left join wework_customer_events v on v.id = e.event_id
    where c.id = :customerId and e.phone_hmac = :phoneHmac`,
    of,
  )
  return rows[0]?.at ?? null
}

/** Who else has, or had, proven this number. */
export async function pageFormers(
  db: Db,
  of: { phoneHmac: Buffer; customerId: number },
): Promise<number[]> {
  const { rows } = await db.raw<{ rows: { id: number }[] }>(
    `
    select c.id from evidence e join customers c on c.wework_userid = e.external_userid
    where e.phone_hmac = :phoneHmac and e.kind = 'phone_search' and c.merged_into is null and c.id <> :customerId
    union
    select e.customer_id from evidence e
    where e.phone_hmac = :phoneHmac and e.kind = 'manual' and e.customer_id <> :customerId`,
    of,
  )
  return rows.map(({ id }) => id)
}

/** Kinds of reviews about a contact that doubt the number he has, whatever number they name. */
const DOUBTS_OF_OWN = ['phone_changed', 'contact_has_other_phone', 'members_disagree']
/** A phone that somebody merely claims doubts nothing (ownership.md, "open"). */
const ABOUT_CLAIMS = ['claim_differs', 'claim_contested', 'unionid_mismatch']

/** Whether something open names the number, or doubts that its owner still has it. */
export async function isInQuestion(
  db: Db,
  { phoneHmac, contact }: { phoneHmac: Buffer; contact: string | null },
): Promise<boolean> {
  const found = await db('reviews')
    .whereNull('closed_at')
    .whereNotIn('kind', ABOUT_CLAIMS)
    .where((names) =>
      names
        .where({ phone_hmac: phoneHmac })
        .orWhereRaw(`detail -> 'noted' @> ?::jsonb`, [
          JSON.stringify([phoneHmac.toString('base64')]),
        ])
        .orWhere((own) =>
          own.where({ external_userid: contact ?? '' }).whereIn('kind', DOUBTS_OF_OWN),
        ),
    )
    .first<{ id: number } | undefined>('id')
  return found !== undefined
}

/** Who a customer is by now, if he has not this number any more. */
export const findLoser = async (
  db: Db,
  { customerId, phoneHmac }: { customerId: number; phoneHmac: Buffer },
): Promise<number | undefined> =>
  (
    await db('customers as c')
      .join('customers as h', 'h.id', db.raw('coalesce(c.merged_into, c.id)'))
      .where('c.id', customerId)
      .whereRaw('h.phone_hmac is distinct from ?', [phoneHmac])
      .first<{ id: number } | undefined>('h.id')
  )?.id
