import type { Db } from '../../lib/db.ts'

export type ContactRow = {
  externalUserId: string
  name: string | null
  type: number | null
  company: string | null
  unionId: string | null | undefined
}

/** `unionId` is undefined while no look-up has succeeded (D15). */
export async function findContact(db: Db, externalUserId: string): Promise<ContactRow | undefined> {
  const row = await db('contacts').where({ external_userid: externalUserId }).first<
    | {
        name: string | null
        type: number | null
        company: string | null
        unionid: string | null
        identity_checked_at: Date | null
      }
    | undefined
  >('name', 'type', 'company', 'unionid', 'identity_checked_at')
  if (!row) return undefined
  return {
    externalUserId,
    name: row.name,
    type: row.type,
    company: row.company,
    unionId: row.unionid ?? (row.identity_checked_at ? null : undefined),
  }
}

export type FollowRow = {
  userId: string
  addWay: number
  operUserId: string | null
  remarkMobiles: string[]
  firstMobiles: string[] | null
  mobilesSeenAt: Date | null
  followedAt: Date
  endedAt: Date | null
  transferredAt: Date | null
  eventId: number | null
}

/** Follows of a contact with the add event row of each (E5 needs both). */
export const pageFollows = (db: Db, externalUserId: string): Promise<FollowRow[]> =>
  db('contact_follows as f')
    .leftJoin('wework_customer_events as v', (join) =>
      join
        .on('v.external_userid', 'f.external_userid')
        .andOn('v.employee_userid', 'f.userid')
        .andOn('v.followed_at', 'f.followed_at')
        .andOnVal('v.event_type', 'add_external_contact'),
    )
    .where('f.external_userid', externalUserId)
    .orderBy('f.followed_at')
    .orderBy('f.userid')
    .select<FollowRow[]>({
      userId: 'f.userid',
      addWay: 'f.add_way',
      operUserId: 'f.oper_userid',
      remarkMobiles: 'f.remark_mobiles',
      firstMobiles: 'f.first_mobiles',
      mobilesSeenAt: 'f.mobiles_seen_at',
      followedAt: 'f.followed_at',
      endedAt: 'f.ended_at',
      transferredAt: 'f.transferred_at',
      eventId: 'v.id',
    })

/** Contacts at whom a member has noted this number: one of them may have it now. */
export const pageNoted = (db: Db, { plain }: { plain: string }): Promise<string[]> =>
  db('contact_follows')
    .whereNull('ended_at')
    .whereRaw('first_mobiles @> array[?]::text[]', [plain])
    .distinct('external_userid')
    .orderBy('external_userid')
    .pluck('external_userid')

/** Phones that the accounts of a customer say are theirs (E6); */
export const pageClaimedPhones = (
  db: Db,
  { customerId, now }: { customerId: number; now: Date },
): Promise<string[]> =>
  db('waiting_claims as b')
    .join('live_ties as t', 't.account_id', 'b.account_id')
    .where('t.customer_id', customerId)
    .where('b.expires_at', '>', now)
    .pluck('b.phone_number')

/** Was an order loaded for one of these numbers before `goLiveAt`? One that a person has hidden speaks for nobody. */
export const wasLoadedBefore = async (
  db: Db,
  { goLiveAt, phoneHmacs }: { goLiveAt: Date; phoneHmacs: readonly Buffer[] },
): Promise<boolean> =>
  (await db('project_parties as y')
    .join('projects as p', 'p.id', 'y.project_id')
    .whereIn('y.phone_hmac', phoneHmacs)
    .where('y.created_at', '<', goLiveAt)
    .whereNull('p.hidden_at')
    .first<{ id: number } | undefined>('y.id')) !== undefined
