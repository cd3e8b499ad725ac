import type { Db } from '../../lib/db.ts'
import type { PartyState, Strength } from './ownership.rules.ts'

/** Who has a number now, and since when that is known; undefined: nobody has a live proof of it. */
export type Owner = {
  customerId: number
  contact: string | null
  /** The earliest add by this number, or word of an admin, since a person last said that it is no longer his. */
  firstAt: Date | null
  /** The latest add that still counts, or word of an admin. */
  addedAt: Date
  /** The same, or a later answer. */
  provenAt: Date
}

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

export async function findOwner(db: Db, phoneHmac: Buffer, now: Date): Promise<Owner | undefined> {
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

export type Party = {
  id: number
  projectId: string
  orderNo: string
  title: string
  phoneHmac: Buffer
  role: string
  customerId: number | null
  name: string | null
  nameThen: string | null
  state: PartyState
  strength: Strength | null
  decidedRow: string | null
  settledHow: string | null
  confirmedAt: Date | null
  shown: boolean
  shownRow: string | null
  beganAt: Date
  statusKind: 'running' | 'finished' | 'unknown'
  designer: string | null
  projectManager: string | null
  imported: boolean
  createdAt: Date
  signedAt: Date | null
  happenedAt: Date[]
  hasActiveStage: boolean
}

const parties = (db: Db) =>
  db('project_parties as pp')
    .join('projects as p', 'p.id', 'pp.project_id')
    .orderBy('pp.created_at')
    .orderBy('pp.id')
    .select({
      id: 'pp.id',
      projectId: 'p.id',
      orderNo: 'p.order_no',
      title: 'p.title',
      phoneHmac: 'pp.phone_hmac',
      role: 'pp.role',
      customerId: 'pp.customer_id',
      name: 'pp.name',
      nameThen: 'pp.name_then',
      state: 'pp.state',
      strength: 'pp.strength',
      decidedRow: 'pp.decided_row',
      settledHow: 'pp.settled_how',
      confirmedAt: 'pp.confirmed_at',
      shown: 'pp.shown',
      shownRow: 'pp.shown_row',
      beganAt: 'pp.created_at',
      statusKind: 'p.status_kind',
      designer: 'p.designer_userid',
      projectManager: 'p.project_manager_userid',
      imported: 'p.imported',
      createdAt: 'p.created_at',
      signedAt: 'p.signed_at',
      happenedAt:
        db.raw(`array(select s.done_at from project_stages s where s.project_id = p.id and s.done_at is not null
      union all select q.installed_at from project_equipment q where q.project_id = p.id and q.installed_at is not null)`),
      hasActiveStage: db.raw(
        `exists (select 1 from project_stages s where s.project_id = p.id and s.status = 'active')`,
      ),
    })

/** The parties of a number in the order in which they began, and those of its owner by other numbers. */
export const pageAround = (
  db: Db,
  { phoneHmac, customerId }: { phoneHmac: Buffer; customerId: number | null },
): Promise<Party[]> =>
  parties(db).where((around) => {
    void around.where('pp.phone_hmac', phoneHmac)
    if (customerId !== null) void around.orWhere('pp.customer_id', customerId)
  })

export const pageOfProject = (db: Db, projectId: string): Promise<Party[]> =>
  parties(db).where('pp.project_id', projectId)

export type Wanted = { phoneHmac: Buffer; role: string; name: string | null }

/** What a load says of an order's parties: who is named no more is gone, a number that stays keeps what was decided about it. */
export async function replaceParties(
  db: Db,
  projectId: string,
  wanted: readonly Wanted[],
  now: Date,
): Promise<void> {
  await db('project_parties')
    .where({ project_id: projectId })
    .whereNotIn(
      'phone_hmac',
      wanted.map((one) => one.phoneHmac),
    )
    .delete()
  await db('project_parties')
    .insert(
      wanted.map(({ phoneHmac, role, name }) => ({
        project_id: projectId,
        phone_hmac: phoneHmac,
        role,
        name,
        created_at: now,
      })),
    )
    .onConflict(['project_id', 'phone_hmac'])
    .merge(['role', 'name'])
}

export type Decision = {
  state: PartyState
  customerId: number | null
  strength: Strength | null
  nameThen: string | null
  row: string
  shown: boolean
  shownRow: string | null
  /** What a person said of it still holds. */
  staysSettled: boolean
}

export const writeDecision = (db: Db, id: number, decision: Decision, now: Date) =>
  db('project_parties')
    .where({ id })
    .update({
      state: decision.state,
      customer_id: decision.customerId,
      strength: decision.strength,
      name_then: decision.nameThen,
      decided_row: decision.row,
      decided_at: now,
      shown: decision.shown,
      shown_row: decision.shownRow,
      ...(!decision.staysSettled && { settled_how: null, settled_by: null, confirmed_at: null }),
    })

export type Settlement = {
  customerId: number | null
  strength: Strength
  how: string
  by: string
  confirmed: boolean
  now: Date
}

/** A person decided whose these are; confirmed: nothing of them is hidden any more. */
export const settle = (
  db: Db,
  ids: readonly number[],
  { customerId, strength, how, by, confirmed, now }: Settlement,
) =>
  db('project_parties')
    .whereIn('id', ids)
    .update({
      state: 'attached',
      customer_id: customerId,
      strength,
      name_then: db.ref('name'),
      decided_row: 'settled',
      decided_at: now,
      settled_how: how,
      settled_by: by,
      ...(confirmed && { confirmed_at: now, shown: true, shown_row: 'confirmed' }),
    })

/** Named neither as the owner's nor as somebody else's. */
export const holdBack = (db: Db, ids: readonly number[], { by, now }: { by: string; now: Date }) =>
  db('project_parties')
    .whereIn('id', ids)
    .update({
      state: 'held',
      strength: null,
      name_then: db.ref('name'),
      decided_row: 'settled',
      decided_at: now,
      settled_how: 'answer',
      settled_by: by,
      shown: false,
      shown_row: null,
    })

/** What was decided for the same person by another number. */
export const inherit = (db: Db, id: number, former: Party) =>
  db('project_parties')
    .where({ id })
    .update({
      state: 'attached',
      customer_id: former.customerId,
      strength: former.strength,
      name_then: db.ref('name'),
      decided_row: former.decidedRow,
      settled_how: former.settledHow,
      confirmed_at: former.confirmedAt,
      shown: former.shown,
      shown_row: former.shownRow,
    })

export const writeShown = (
  db: Db,
  id: number,
  { shown, shownRow }: { shown: boolean; shownRow: string | null },
) => db('project_parties').where({ id }).update({ shown, shown_row: shownRow })

/** Whoever the number belongs to now is asked about anew: nothing of the former holder is left on these. */
export const clear = (db: Db, ids: readonly number[]) =>
  db('project_parties').whereIn('id', ids).update({
    state: 'waiting',
    customer_id: null,
    strength: null,
    name_then: null,
    settled_how: null,
    settled_by: null,
    confirmed_at: null,
    shown: false,
    shown_row: null,
  })

/** They stay with whose they were, though he has not the number any more: the table for the number holds them. */
export const reserve = (db: Db, ids: readonly number[], customerId: number, now: Date) =>
  db('project_parties').whereIn('id', ids).update({
    state: 'held',
    customer_id: customerId,
    strength: null,
    decided_row: 'before the number changed hands',
    decided_at: now,
    shown: false,
    shown_row: null,
  })

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

/** Two customers are one person. */
export const moveHolder = (db: Db, { from, to }: { from: number; to: number }) =>
  db('project_parties').where({ customer_id: from }).update({ customer_id: to })

/** Numbers with parties that the table has not looked at since the schema learned of it. */
export const pageUndecided = (db: Db, limit: number): Promise<Buffer[]> =>
  db('project_parties')
    .whereNull('decided_row')
    .distinct('phone_hmac')
    .orderBy('phone_hmac')
    .limit(limit)
    .pluck('phone_hmac')

/** All numbers of orders, a page at a time. */
export const pageNumbers = (
  db: Db,
  { after, limit }: { after: Buffer; limit: number },
): Promise<Buffer[]> =>
  db('project_parties')
    .where('phone_hmac', '>', after)
    .distinct('phone_hmac')
    .orderBy('phone_hmac')
    .limit(limit)
    .pluck('phone_hmac')
