import { beginsWith } from '../../lib/find-text.ts'
import type { Db } from '../../lib/db.ts'
import type { Position } from './projects.rules.ts'
import { ITEM, type DetailRow, type ItemRow } from './projects.store.ts'

export type OrderRow = ItemRow &
  Pick<DetailRow, 'address' | 'order' | 'designer' | 'projectManager'> & {
    createdAt: Date
    hidden: boolean
    hiddenReason: string | null
    parties: PartyRow[]
  }
export type PartyRow = {
  role: string
  phoneHmac: Buffer
  name: string | null
  state: 'waiting' | 'held' | 'attached'
  shown: boolean
  customerId: number | null
}

export type Wanted =
  { by: 'all' } | { by: 'number'; phoneHmac: Buffer } | { by: 'text'; text: string }

const FOUND: Record<Wanted['by'], string> = {
  all: '',
  number:
    'and p.id = any(array(select project_id from project_parties where phone_hmac = :phoneHmac))',
  text: `and p.id = any(array(
    select id from projects where ${beginsWith('order_no')} union select id from projects where ${beginsWith('title')}))`,
}

/** In the text of the statement: a parameter finds no partial index. */
const HIDDEN = {
  all: '',
  hidden: 'and p.hidden_at is not null',
  seen: 'and p.hidden_at is null',
}

type Query = {
  wanted: Wanted
  hidden: keyof typeof HIDDEN
  after: Position | null
  limit: number
}

/** A page of orders, the newest change first. */
export async function pageOrders(
  db: Db,
  { wanted, hidden, after, limit }: Query,
): Promise<OrderRow[]> {
  const { by, ...named } = wanted
  const { rows } = await db.raw<{ rows: Omit<OrderRow, 'parties'>[] }>(
    `
    select ${COLUMNS} from projects p
    where (p.updated_at, p.id) < (:afterAt::timestamptz, :afterId::uuid) ${FOUND[by]} ${HIDDEN[hidden]}
    order by p.updated_at desc, p.id desc limit :limit`,
    {
      ...named,
      afterAt: after?.updatedAt.toISOString() ?? 'infinity',
      afterId: after?.id ?? 'ffffffff-ffff-ffff-ffff-ffffffffffff',
      limit,
    },
  )
  return withParties(db, rows)
}

const COLUMNS = `${ITEM}, p.created_at as "createdAt", p.hidden_at is not null as hidden, p.hidden_reason as "hiddenReason", p.address, p.order_info as "order",
  p.designer_userid as designer, p.project_manager_userid as "projectManager"`

export async function findOrder(db: Db, orderNo: string): Promise<OrderRow | undefined> {
  const { rows } = await db.raw<{ rows: Omit<OrderRow, 'parties'>[] }>(
    `select ${COLUMNS} from projects p where p.order_no = :orderNo`,
    { orderNo },
  )
  return (await withParties(db, rows))[0]
}

async function withParties(db: Db, rows: readonly Omit<OrderRow, 'parties'>[]) {
  const parties = await db('project_parties')
    .whereRaw('project_id = any(?::uuid[])', [rows.map(({ id }) => id)])
    .orderBy('id')
    .select<(PartyRow & { projectId: string })[]>({
      projectId: 'project_id',
      role: 'role',
      phoneHmac: 'phone_hmac',
      name: 'name',
      state: 'state',
      shown: 'shown',
      customerId: 'customer_id',
    })
  return rows.map((row) => ({
    ...row,
    parties: parties.filter(({ projectId }) => projectId === row.id),
  }))
}

/** Hides an order from customers, or, without a reason, shows it again. */
export const writeHidden = (
  db: Db,
  { id, reason, now }: { id: string; reason: string | null; now: Date },
) =>
  db('projects')
    .where({ id })
    .update({ hidden_at: reason === null ? null : now, hidden_reason: reason })
