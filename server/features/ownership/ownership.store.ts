import type { Db } from '../../lib/db.ts'
import type { Strength } from './ownership.rules.ts'
import type { Party, Wanted } from './parties.rules.ts'
import type { Decision, Shown } from './party-decision.rules.ts'

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
      hidden: db.raw('p.hidden_at is not null'),
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
        `coalesce((select true from project_stages s where s.project_id = p.id and s.status = 'active' limit 1), false)`,
      ),
    })

/** The parties of a number in the order in which they began, and those of these customers by other numbers. */
export const pageAround = (
  db: Db,
  { phoneHmac, customerIds }: { phoneHmac: Buffer; customerIds: readonly number[] },
): Promise<Party[]> =>
  parties(db).where((around) => {
    void around.where('pp.phone_hmac', phoneHmac)
    if (customerIds.length > 0)
      void around.orWhereRaw('pp.customer_id = any(?::bigint[])', [[...customerIds]])
  })

export const pageOfProject = (db: Db, projectId: string): Promise<Party[]> =>
  parties(db).where('pp.project_id', projectId)

/** What a load says of an order's parties: who is named no more is gone, a number that stays keeps what was decided about it. */
export async function replaceParties(
  db: Db,
  { projectId, wanted, now }: { projectId: string; wanted: readonly Wanted[]; now: Date },
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

export const writeDecision = (
  db: Db,
  { id, now, ...decision }: Decision & { id: number; now: Date },
) =>
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
  ids: readonly number[]
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
  { ids, customerId, strength, how, by, confirmed, now }: Settlement,
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
export const holdBack = (
  db: Db,
  { ids, by, now }: { ids: readonly number[]; by: string; now: Date },
) =>
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

/** What was decided for the same person by another number; `id`: of the party that inherits it. */
export const inherit = (db: Db, former: Party) =>
  db('project_parties')
    .where({ id: former.id })
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

export const writeShown = (db: Db, { id, shown, shownRow }: Shown & { id: number }) =>
  db('project_parties').where({ id }).update({ shown, shown_row: shownRow })

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
export const reserve = (
  db: Db,
  { ids, customerId, now }: { ids: readonly number[]; customerId: number; now: Date },
) =>
  db('project_parties').whereIn('id', ids).update({
    state: 'held',
    customer_id: customerId,
    strength: null,
    decided_row: 'before the number changed hands',
    decided_at: now,
    shown: false,
    shown_row: null,
  })

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
