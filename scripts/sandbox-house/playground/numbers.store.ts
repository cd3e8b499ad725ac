import type { Db } from '../../../server/lib/db.ts'
import { MOST, since } from './since.store.ts'
import type {
  NumberAnswerRow,
  OperationRow,
  OrderClaimRow,
  PartyRow,
  QuestionRow,
  ToldRow,
} from './numbers.rules.ts'

// Whose orders and numbers are: reads the tables of other rooms, writes none.

export const pageOperations = (db: Db, after: Date) =>
  since(db, { table: 'operation_log', column: 'at', after })
    .whereIn('operation', [
      'project.created',
      'project.updated',
      'question.answered',
      'question.answer_taken_back',
    ])
    .select<OperationRow[]>(
      'id',
      'at',
      'operator_userid as operator',
      'operation',
      'target_id as target',
      db.raw(`"after"->>'customerName' as name`),
      db.raw(`"after"->>'answer' as answer`),
    )

export const pageParties = (db: Db, after: Date) =>
  since(db, { table: 'project_parties as y', column: 'y.decided_at', after })
    .join('projects as p', 'p.id', 'y.project_id')
    .leftJoin('customers as c', 'c.id', 'y.customer_id')
    .select<PartyRow[]>({
      id: 'y.id',
      at: 'y.decided_at',
      orderNo: 'p.order_no',
      name: 'y.name',
      state: 'y.state',
      row: 'y.decided_row',
      settledHow: 'y.settled_how',
      shown: 'y.shown',
      shownRow: 'y.shown_row',
      externalUserId: 'c.wework_userid',
    })

/** A question remembers its orders as "id of the party:name". */
export const pageQuestions = (db: Db, after: Date) =>
  db('reviews as r')
    .where({ 'r.kind': 'number' })
    .where((recent) => recent.where('r.opened_at', '>', after).orWhere('r.closed_at', '>', after))
    .orderBy('r.id', 'desc')
    .limit(MOST)
    .select<QuestionRow[]>(
      {
        id: 'r.id',
        at: 'r.opened_at',
        closedAt: 'r.closed_at',
        phone: 'r.phone_masked',
        externalUserId: 'r.external_userid',
      },
      db.raw(`r.answer->>'answer' as answer`),
      db.raw(`
      coalesce((select json_agg(json_build_object('orderNo', p.order_no, 'name', nullif(substring(o from ':(.*)$'), '')) order by y.id)
        from jsonb_array_elements_text(r.detail->'orders') as o
        join project_parties y on y.id = split_part(o, ':', 1)::bigint join projects p on p.id = y.project_id), '[]') as orders`),
    )

export const pageNumberAnswers = (db: Db, after: Date) =>
  since(db, { table: 'number_answers', column: 'answered_at', after }).select<NumberAnswerRow[]>({
    id: 'id',
    at: 'answered_at',
    kind: 'kind',
    externalUserId: 'external_userid',
  })

export const pageOrderClaims = (db: Db, after: Date) =>
  since(db, { table: 'order_claims as o', column: 'o.claimed_at', after })
    .join('accounts as a', 'a.id', 'o.account_id')
    .select<OrderClaimRow[]>({
      id: 'o.id',
      at: 'o.claimed_at',
      openid: 'a.openid',
      found: 'o.found',
    })

export const pageAsked = (db: Db, after: Date) =>
  since(db, { table: 'question_notices', column: 'told_at', after }).select<ToldRow[]>(
    { at: 'told_at', member: 'userid' },
    db.raw(`'asked-' || userid || '-' || day as key, 'asked' as kind, null as "externalUserId"`),
  )

export const pageToldTies = (db: Db, after: Date) =>
  since(db, { table: 'staff_tie_notices as n', column: 'n.told_at', after })
    .join('customer_accounts as t', 't.id', 'n.tie_id')
    .select<ToldRow[]>(
      { at: 'n.told_at', kind: 'n.kind', externalUserId: 't.external_userid' },
      db.raw(`'tie-' || n.kind || '-' || n.tie_id as key, null as member`),
    )
