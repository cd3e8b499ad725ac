import type { Order, OrderItem } from '../../../shared/api/orders.ts'
import { normalisePhone } from '../../../shared/phone.ts'
import { cutPage } from '../../lib/pages.ts'
import { present } from '../../lib/present.ts'
import { inTransaction } from '../../lib/db.ts'
import type { ProjectsDeps } from './projects.deps.ts'
import { toItem, toPlace } from './projects.present.ts'
import { readCursor, toCursor } from './projects.rules.ts'
import * as orders from './orders.store.ts'
import * as store from './projects.store.ts'

type OrdersDeps = Pick<
  ProjectsDeps,
  'db' | 'evidence' | 'customers' | 'ownership' | 'audit' | 'clock'
>
type Look = {
  q?: string | undefined
  /** Only those that a person has hidden, or only those that none has. */
  hidden?: boolean | undefined
  cursor?: string | undefined
  limit: number
}
type Word = { orderNo: string; by: { name: string; requestId: string; reason: string } }
/** `changed`: it was not so already. */
type Hidden = { hidden: boolean; changed: boolean }
type Found = { items: OrderItem[]; nextCursor?: string }

/** Orders as those see them who load them: whole, with whose they are. */
export function createOrders(deps: OrdersDeps) {
  return {
    /** A page, the newest change first; null for a mark that no page gave. */
    list: (look: Look) => list(deps, look),
    /** One order; null: there is none with this number. */
    read: (orderNo: string) => read(deps, orderNo),
    /** No customer sees it any more, whosever it is and whatever is loaded; null: there is none with this number. */
    hide: (word: Word) => setHidden(deps, { ...word, hidden: true }),
    /** As if it had never been hidden. */
    show: (word: Word) => setHidden(deps, { ...word, hidden: false }),
  }
}
export type Orders = ReturnType<typeof createOrders>

function understand({ evidence }: OrdersDeps, q: string | undefined): orders.Wanted {
  if (q === undefined || q === '') return { by: 'all' }
  const phone = normalisePhone(q)
  return phone === null
    ? { by: 'text', text: q }
    : { by: 'number', phoneHmac: evidence.hashPhone(phone) }
}

async function list(deps: OrdersDeps, { q, hidden, cursor, limit }: Look): Promise<Found | null> {
  const after = cursor === undefined ? null : readCursor(cursor)
  if (cursor !== undefined && after === null) return null
  const wanted = understand(deps, q)
  const rows = await orders.pageOrders(deps.db, {
    wanted,
    hidden: hidden === undefined ? 'all' : hidden ? 'hidden' : 'seen',
    after,
    limit: limit + 1,
  })
  const { shown, last } = cutPage(rows, limit)
  return {
    items: await Promise.all(shown.map((row) => toOrderItem(deps, row))),
    ...(last && { nextCursor: toCursor(last) }),
  }
}

async function read(deps: OrdersDeps, orderNo: string): Promise<Order | null> {
  const row = await orders.findOrder(deps.db, orderNo)
  if (!row) return null
  const [item, stages, equipment] = await Promise.all([
    toOrderItem(deps, row),
    store.pageStages(deps.db, row.id),
    store.pageEquipment(deps.db, row.id),
  ])
  return {
    ...item,
    ...toPlace(row),
    stages: stages.map((stage) => present(stage)),
    equipment: equipment.map((one) => present(one)),
    order: row.order,
  }
}

const toOrderItem = async (
  { db, customers }: OrdersDeps,
  row: orders.OrderRow,
): Promise<OrderItem> => ({
  ...toItem(row),
  createdAt: row.createdAt.toISOString(),
  hidden: row.hidden,
  ...present({ hiddenReason: row.hiddenReason }),
  parties: await Promise.all(
    row.parties.map(async ({ role, phoneHmac, name, state, shown, customerId }) => ({
      role,
      phoneMasked: await customers.maskNumber(db, phoneHmac),
      ...(name !== null && { name }),
      state,
      shown,
      ...(state === 'attached' && customerId !== null && { customerId }),
    })),
  ),
})

/** Whose it is goes on; what was asked because of it alone is asked no more, and asked again once it is shown. */
const setHidden = (
  deps: OrdersDeps,
  { orderNo, hidden, by }: Word & { hidden: boolean },
): Promise<Hidden | null> =>
  inTransaction(deps, async (tx) => {
    const order = await store.lockOrder(tx.db, orderNo)
    if (!order) return null
    if (order.hidden === hidden) return { hidden, changed: false }
    const now = tx.clock()
    const phoneHmacs = (await tx.ownership.pageOfProject(tx.db, order.id)).map(
      (party) => party.phoneHmac,
    )
    await tx.customers.lockNumbers(tx.db, phoneHmacs)
    await orders.writeHidden(tx.db, { id: order.id, reason: hidden ? by.reason : null, now })
    await tx.customers.considerNumbers(tx.db, { phoneHmacs, now })
    await tx.audit.record(tx.db, {
      operator: by.name,
      requestId: by.requestId,
      operation: hidden ? 'project.hidden' : 'project.shown',
      target: { type: 'project', id: orderNo },
      before: { hidden: order.hidden },
      after: { hidden },
      reason: by.reason,
      now,
    })
    return { hidden, changed: true }
  })
