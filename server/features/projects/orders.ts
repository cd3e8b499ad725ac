import type { Order, OrderItem } from '../../../shared/api/orders.ts'
import { normalisePhone } from '../../../shared/phone.ts'
import { cutPage } from '../../lib/pages.ts'
import { present } from '../../lib/present.ts'
import type { ProjectsDeps } from './projects.deps.ts'
import { toItem, toPlace } from './projects.present.ts'
import { readCursor, toCursor } from './projects.rules.ts'
import * as orders from './orders.store.ts'
import * as store from './projects.store.ts'

type OrdersDeps = Pick<ProjectsDeps, 'db' | 'evidence' | 'customers'>
type Look = { q?: string | undefined; cursor?: string | undefined; limit: number }
type Found = { items: OrderItem[]; nextCursor?: string }

/** Orders as those see them who load them: whole, with whose they are. */
export function createOrders(deps: OrdersDeps) {
  return {
    /** A page, the newest change first; null for a mark that no page gave. */
    list: (look: Look) => list(deps, look),
    /** One order; null: there is none with this number. */
    read: (orderNo: string) => read(deps, orderNo),
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

async function list(deps: OrdersDeps, { q, cursor, limit }: Look): Promise<Found | null> {
  const after = cursor === undefined ? null : readCursor(cursor)
  if (cursor !== undefined && after === null) return null
  const wanted = understand(deps, q)
  const rows = await orders.pageOrders(deps.db, { wanted, after, limit: limit + 1 })
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
