import type { Db } from '../../lib/db.ts'

export type Account = {
  id: number
  app: string
  openid: string
  signedInAt: Date | null
  tiedAt: Date
  tiedBy: string | null
  endedAt: Date | null
  endedBy: string | null
}

/** Every tie there ever was, the latest first. */
export const pageAccounts = (db: Db, customerId: number) =>
  db('customer_accounts as t')
    .join('accounts as a', 'a.id', 't.account_id')
    .where('t.customer_id', customerId)
    .orderBy('t.id', 'desc')
    .limit(MOST)
    .select<Account[]>({
      id: 'a.id',
      app: 'a.app',
      openid: 'a.openid',
      signedInAt: 'a.signed_in_at',
      tiedAt: 't.tied_at',
      tiedBy: 't.tied_by',
      endedAt: 't.ended_at',
      endedBy: 't.ended_by',
    })

export type Follow = {
  externalUserId: string
  name: string | null
  userId: string
  memberName: string | null
  addWay: number
  followedAt: Date
  endedAt: Date | null
  remarkMobiles: string[]
}

export const pageFollows = (db: Db, externalUserId: string) =>
  db('contact_follows as f')
    .join('contacts as k', 'k.external_userid', 'f.external_userid')
    .leftJoin('members as m', 'm.userid', 'f.userid')
    .where('f.external_userid', externalUserId)
    .orderBy('f.followed_at', 'desc')
    .select<Follow[]>({
      externalUserId: 'f.external_userid',
      name: 'k.name',
      userId: 'f.userid',
      memberName: 'm.name',
      addWay: 'f.add_way',
      followedAt: 'f.followed_at',
      endedAt: 'f.ended_at',
      remarkMobiles: 'f.remark_mobiles',
    })

export type Fact = {
  at: Date
  kind: string
  phoneMasked: string | null
  memberUserid: string | null
  reason: string | null
  revokedAt: Date | null
  revokedReason: string | null
}
const FACT = {
  at: 'observed_at',
  kind: 'kind',
  phoneMasked: 'phone_masked',
  memberUserid: 'member_userid',
  reason: 'reason',
  revokedAt: 'revoked_at',
  revokedReason: 'revoked_reason',
}

/** Of the contact, of the customer, and of accounts that are or were his. */
export const pageEvidence = (
  db: Db,
  { customerId, contact }: { customerId: number; contact: string | null },
) =>
  db('evidence')
    .whereIn('id', (his) =>
      his
        .select('id')
        .from('evidence')
        .where({ customer_id: customerId })
        .union([
          db('evidence').select('id').whereRaw('external_userid = ?', [contact]),
          db('evidence')
            .select('id')
            .whereIn('account_id', (ever) =>
              ever
                .select('account_id')
                .from('customer_accounts')
                .where({ customer_id: customerId }),
            ),
        ]),
    )
    .orderBy('id', 'desc')
    .limit(MOST)
    .select<Fact[]>(FACT)

export type Decision = {
  at: Date
  decision: string
  outcome: string
  actor: string
  phoneMasked: string | null
}

export const pageHistory = (db: Db, customerId: number) =>
  db('binding_history')
    .where({ customer_id: customerId })
    .orderBy('id', 'desc')
    .limit(MOST)
    .select<Decision[]>({
      at: 'at',
      decision: 'decision',
      outcome: 'outcome',
      actor: 'actor',
      phoneMasked: 'phone_masked',
    })

export type Claim = { at: Date; phone: string | null; status: string; expiresAt: Date }

export const pageClaims = (db: Db, customerId: number) =>
  db('temp_bindings')
    .whereIn('account_id', (ever) =>
      ever.select('account_id').from('customer_accounts').where({ customer_id: customerId }),
    )
    .orderBy('id', 'desc')
    .limit(MOST)
    .select<Claim[]>({
      at: 'created_at',
      phone: 'phone_number',
      status: 'status',
      expiresAt: 'expires_at',
    })

export type Asked = { at: Date; id: number; kind: string; closedAt: Date | null }

export const pageQuestions = (
  db: Db,
  { customerId, contact }: { customerId: number; contact: string | null },
) =>
  db('reviews')
    .whereIn('id', (about) =>
      about
        .select('id')
        .from('reviews')
        .where({ customer_id: customerId })
        .union([db('reviews').select('id').whereRaw('external_userid = ?', [contact])]),
    )
    .orderBy('id', 'desc')
    .limit(MOST)
    .select<Asked[]>({ at: 'opened_at', id: 'id', kind: 'kind', closedAt: 'closed_at' })

export type Order = {
  orderNo: string
  title: string
  status: string
  state: string
  shown: boolean
  hidden: boolean
  role: string
  name: string | null
}

/** His, and those of his number that are nobody's yet. */
export const pageOrders = (
  db: Db,
  { customerId, phoneHmac }: { customerId: number; phoneHmac: Buffer | null },
): Promise<Order[]> =>
  db('project_parties as y')
    .join('projects as p', 'p.id', 'y.project_id')
    .whereIn('y.id', (his) =>
      his
        .select('id')
        .from('project_parties')
        .where({ customer_id: customerId })
        .union([db('project_parties').select('id').where({ phone_hmac: phoneHmac })]),
    )
    .orderBy('y.id', 'desc')
    .limit(MOST)
    .select({
      orderNo: 'p.order_no',
      title: 'p.title',
      status: 'p.status',
      state: 'y.state',
      shown: 'y.shown',
      hidden: db.raw('p.hidden_at is not null'),
      role: 'y.role',
      name: 'y.name',
    })

export type Told = { at: Date; kind: string }

/** Members who were told that a tie of his was made or ended. */
export const pageTold = (db: Db, customerId: number) =>
  db('staff_tie_notices')
    .whereRaw('tie_id = any(array(select id from customer_accounts where customer_id = ?))', [
      customerId,
    ])
    .orderBy('tie_id', 'desc')
    .limit(MOST)
    .select<Told[]>({ at: 'told_at', kind: 'kind' })

export type Notice = {
  at: Date
  kind: string
  to: string | null
  result: string
  reason: string | null
  orderNo: string | null
  stage: string | null
}

/** What his accounts were told while they were tied to him, and which ways were taken: a row for each, or one for a notice without any. */
export const pageNotices = (db: Db, customerId: number): Promise<Notice[]> =>
  db('notices as n')
    .leftJoin('notice_sendings as s', 's.notice_id', 'n.id')
    .leftJoin('projects as p', 'p.id', 'n.project_id')
    .whereRaw(
      `n.id = any(array(select t.id from customer_accounts c join notices t on t.account_id = c.account_id
        where c.customer_id = ? and t.ordered_at >= c.tied_at and (c.ended_at is null or t.ordered_at <= c.ended_at)))`,
      [customerId],
    )
    .orderBy([
      { column: 'n.id', order: 'desc' },
      { column: 's.taken_at', order: 'desc' },
    ])
    .limit(MOST)
    .select({
      at: db.raw('coalesce(s.taken_at, n.ordered_at)'),
      kind: 'n.kind',
      to: 's.way',
      result: db.raw(
        `case when s.way is null then n.state else coalesce(s.outcome, 'waiting') end`,
      ),
      reason: db.raw('coalesce(s.reason, n.reason)'),
      orderNo: 'p.order_no',
      stage: 'n.stage',
    })

/** Of each kind the latest: a story is read by people. */
const MOST = 200
