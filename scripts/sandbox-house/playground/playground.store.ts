import type { Db } from '../../../server/lib/db.ts'
import type { AttemptRow, TicketRow } from './binding.rules.ts'
import type {
  DecisionRow,
  EvidenceRow,
  FollowEventRow,
  NoticeRow,
  StandingRow,
} from './decided.rules.ts'
import type { ClaimRow, MessageRow, PushRow } from './received.rules.ts'
import { MOST, since } from './since.store.ts'

// A look over everybody's shoulder: joins any table, writes none.

type Callback = Omit<PushRow, 'said'> & {
  payload: string
  said: string | null
  setAside: string | null
}

/** Of a push of the official account only what was said to it is kept. */
export const pageCallbacks = (db: Db, after: Date) =>
  since(db, { table: 'callback_inbox as i', column: 'i.received_at', after })
    .leftJoin('accounts as a', (join) =>
      join.on(
        'a.id',
        '=',
        db.raw(
          `case when i.source = 'official' then substring(i.payload from '"accountId":([0-9]+)')::bigint end`,
        ),
      ),
    )
    .select<Callback[]>(
      'i.id',
      'i.received_at as at',
      'i.payload',
      'i.set_aside as setAside',
      'a.openid',
      db.raw(
        `case when i.source = 'official' then substring(i.payload from '"said":"([a-z_]+)"') end as said`,
      ),
    )

export const pageMessages = (db: Db, after: Date) =>
  since(db, { table: 'kf_messages', column: 'received_at', after }).select<MessageRow[]>({
    id: 'id',
    at: 'received_at',
    externalUserId: 'external_userid',
    intent: 'intent',
    outcome: 'outcome',
  })

export const pageSignIns = (db: Db, after: Date) =>
  since(db, { table: 'sessions as s', column: 's.created_at', after })
    .join('accounts as a', 'a.id', 's.account_id')
    .select<{ at: Date; openid: string }[]>({ at: 's.created_at', openid: 'a.openid' })

export const pageClaims = (db: Db, after: Date) =>
  since(db, { table: 'temp_bindings', column: 'created_at', after }).select<ClaimRow[]>(
    'id',
    'created_at as at',
    'wechat_openid as openid',
    'phone_number as phone',
    db.raw('contested_at is not null as "isContested"'),
  )

export const pageCodes = (db: Db, after: Date) =>
  since(db, { table: 'bind_codes as c', column: 'c.issued_at', after })
    .join('accounts as a', 'a.id', 'c.account_id')
    .select<{ id: number; at: Date; openid: string; digits: number }[]>({
      id: 'c.id',
      at: 'c.issued_at',
      openid: 'a.openid',
      digits: 'c.digits',
    })

export const pageAttempts = (db: Db, after: Date) =>
  since(db, { table: 'pending_bindings as p', column: 'p.created_at', after })
    .join('accounts as a', 'a.id', 'p.account_id')
    .select<AttemptRow[]>({
      id: 'p.id',
      at: 'p.created_at',
      decidedAt: 'p.decided_at',
      openid: 'a.openid',
      externalUserId: 'p.external_userid',
      via: 'p.via',
      state: 'p.state',
      reason: 'p.reason',
    })

export const pageTickets = (db: Db, after: Date) =>
  since(db, { table: 'tickets as t', column: 't.issued_at', after })
    .leftJoin('accounts as a', 'a.id', 't.used_by')
    .select<TicketRow[]>({
      id: 't.id',
      at: 't.issued_at',
      usedAt: 't.used_at',
      externalUserId: 't.external_userid',
      usedBy: 'a.openid',
      outcome: 't.outcome',
    })

export const pageEvidence = (db: Db, after: Date) =>
  db('evidence as e')
    .leftJoin('accounts as a', 'a.id', 'e.account_id')
    .where((recent) => recent.where('e.created_at', '>', after).orWhere('e.revoked_at', '>', after))
    .orderBy('e.id', 'desc')
    .limit(MOST)
    .select<EvidenceRow[]>({
      id: 'e.id',
      at: 'e.created_at',
      kind: 'e.kind',
      openid: 'a.openid',
      externalUserId: 'e.external_userid',
      phone: 'e.phone_masked',
      member: 'e.member_userid',
      revokedAt: 'e.revoked_at',
      revokedReason: 'e.revoked_reason',
    })

export const pageDecisions = (db: Db, after: Date) =>
  since(db, { table: 'binding_history as h', column: 'h.at', after })
    .leftJoin('accounts as a', 'a.id', 'h.account_id')
    .select<DecisionRow[]>(
      'h.id',
      'h.at',
      'a.openid',
      'h.external_userid as externalUserId',
      'h.phone_masked as phone',
      'h.decision',
      'h.outcome',
      'h.actor',
      db.raw(`h.detail->>'reason' as reason, h.detail->'moved' as moved, h.detail->'stay' as stay`),
    )

export const pageFollowEvents = (db: Db, after: Date) =>
  since(db, { table: 'wework_customer_events', column: 'created_at', after }).select<
    FollowEventRow[]
  >({
    id: 'id',
    at: 'created_at',
    type: 'event_type',
    externalUserId: 'external_userid',
    member: 'employee_userid',
    addWay: 'add_way',
  })

/** But for questions whose a number is: numbers.store.ts. */
export const pageReviews = (db: Db, after: Date) =>
  since(db, { table: 'reviews', column: 'opened_at', after })
    .whereNot('kind', 'number')
    .select<{ id: number; at: Date; kind: string; externalUserId: string | null }[]>({
      id: 'id',
      at: 'opened_at',
      kind: 'kind',
      externalUserId: 'external_userid',
    })

export const pageWrongTries = (db: Db, after: Date) =>
  since(db, { table: 'code_tries', column: 'tried_at', after })
    .where({ to_people: false })
    .select<{ id: number; at: Date; externalUserId: string }[]>({
      id: 'id',
      at: 'tried_at',
      externalUserId: 'external_userid',
    })

export const pageNotices = (db: Db, after: Date) =>
  since(db, { table: 'official_notices as n', column: 'n.taken_at', after })
    .join('accounts as a', 'a.id', 'n.account_id')
    .where('n.way', 'message')
    .select<NoticeRow[]>({
      kind: 'n.kind',
      subject: 'n.subject',
      at: 'n.taken_at',
      openid: 'a.openid',
    })

/** What is known now about somebody in the sandbox. */
export const pageStandings = (db: Db, externalUserIds: readonly string[]) =>
  db('customers as c')
    .leftJoin('account_access as x', 'x.customer_id', 'c.id')
    .whereIn('c.wework_userid', externalUserIds)
    .whereNull('c.merged_into')
    .select<StandingRow[]>(
      'c.wework_userid as externalUserId',
      'c.binding_status as status',
      db.raw('coalesce(x.may_query, false) as "mayQuery"'),
    )
