import type { CustomerItem } from '../../../shared/api/customers.ts'
import type { WhyCode } from '../../../shared/api/why.ts'
import { maskPhone, normalisePhone } from '../../../shared/phone.ts'
import { tellWhy } from '../../../shared/why.ts'
import type { Db } from '../../lib/db.ts'
import { present } from '../../lib/present.ts'
import type { Evidence } from '../evidence/evidence.ts'
import type { Reason, Reasons } from '../reasons/reasons.ts'
import * as store from './directory.store.ts'
import { readStory } from './story.ts'

export type DirectoryDeps = {
  db: Db
  reasons: Pick<Reasons, 'explain'>
  evidence: Pick<Evidence, 'hashPhone'>
  clock: () => Date
}
export type Look = {
  q?: string | undefined
  /** Only who may not see projects, or sees none. */
  stuck?: boolean | undefined
  /** Only those of whom this is why; `order_held` also who sees other orders of his. */
  reason?: WhyCode | undefined
  cursor: number | null
  limit: number
}
type Found = { items: CustomerItem[]; next: number | undefined }

/** Rows that are looked at for one page of a filter, at once and in all; the page then says where the next goes on. */
const LOOK = { atOnce: 100, atMost: 400 }

/**
 * Customers, found by what people remember of them, and why each may or may not see projects, which `reasons` says. Owns
 * no table and changes nothing. Woken by admins.
 */
export function createDirectory(deps: DirectoryDeps) {
  return {
    /** A page, the newest first; `next` is the mark of the one behind it. */
    search: (look: Look) => search(deps, look),
    /** The customer of a phone or of a contact, in a list of one or none. */
    find: async (by: { phone: string } | { externalUserId: string }): Promise<CustomerItem[]> =>
      toItems(deps, await readRows(deps, { ...ALL, wanted: toWanted(deps, by) })),
    /** The whole story of one; null: there is no such customer. */
    story: async (id: number) => {
      const [row] = await readRows(deps, { ...ALL, wanted: { by: 'id', id } })
      if (!row) return null
      const [item] = await toItems(deps, [row])
      return item === undefined ? null : { ...item, ...(await readStory(deps, row)) }
    },
  }
}
export type Directory = ReturnType<typeof createDirectory>

const ALL = { before: null, limit: 50 }

const readRows = async (
  { db }: DirectoryDeps,
  query: Parameters<typeof store.pageIds>[1],
): Promise<store.Row[]> => store.pageRows(db, await store.pageIds(db, query))

const toWanted = (
  { evidence }: DirectoryDeps,
  by: { phone: string } | { externalUserId: string },
): store.Wanted =>
  'phone' in by
    ? { by: 'phone', phone: by.phone, phoneHmac: evidence.hashPhone(by.phone) }
    : { by: 'contact', externalUserId: by.externalUserId }

/** What somebody typed is a phone when it reads as one; everything else is looked for in every other way. */
function understand(deps: DirectoryDeps, q: string | undefined): store.Wanted {
  if (q === undefined || q === '') return { by: 'all' }
  const phone = normalisePhone(q)
  return phone === null ? { by: 'text', text: q } : toWanted(deps, { phone })
}

const isStuck = ({ why }: CustomerItem): boolean => why.code !== 'may_query'

/** Why he is stuck is one word, and who sees a single order is not: an order of his that is held is found all the same. */
const isFor = ({ why, canQuery, heldOrders }: CustomerItem, reason: WhyCode): boolean =>
  reason === 'order_held' ? canQuery && heldOrders > 0 : why.code === reason

async function search(
  deps: DirectoryDeps,
  { q, stuck, reason, cursor, limit }: Look,
): Promise<Found> {
  const wanted = understand(deps, q)
  const fits = (item: CustomerItem): boolean =>
    (stuck === undefined || isStuck(item) === stuck) &&
    (reason === undefined || isFor(item, reason))
  const isFilter = stuck !== undefined || reason !== undefined
  const step = isFilter ? LOOK.atOnce : limit + 1
  const items: CustomerItem[] = []
  let before = cursor
  for (let looked = 0; looked < LOOK.atMost; looked += step) {
    const ids = await store.pageIds(deps.db, { wanted, before, limit: step })
    const rows = await store.pageRows(deps.db, ids)
    for (const item of await toItems(deps, rows)) {
      if (!fits(item)) continue
      if (items.length === limit) return { items, next: items.at(-1)!.id }
      items.push(item)
    }
    if (ids.length < step) return { items, next: undefined }
    before = ids.at(-1)!
  }
  return { items, next: before! }
}

async function toItems(
  { db, reasons, clock }: DirectoryDeps,
  rows: readonly store.Row[],
): Promise<CustomerItem[]> {
  const ids = rows.map(({ id }) => id)
  const likely = await store.pageLikely(db, { ids, now: clock() })
  const why = await reasons.explain(db, ids)
  return rows.flatMap((row) => {
    const reason = why.get(row.id)
    return reason === undefined
      ? []
      : { ...toItem(row, reason), ...toLikely(likely.filter(({ of }) => of === row.id)) }
  })
}

const toItem = (row: store.Row, reason: Reason): CustomerItem => ({
  id: row.id,
  customerNo: row.customerNo,
  openids: row.openids,
  bindingStatus: row.status,
  canQuery: reason.mayQuery,
  why: tellWhy(reason.code, 'admin'),
  projects: reason.shownOrders,
  heldOrders: reason.heldOrders,
  ...present({
    name: row.name,
    contactName: row.contactName,
    phoneMasked: row.phone && maskPhone(row.phone),
    externalUserId: row.contact,
    suspendedReason: row.suspended,
    advisor: row.advisor === null ? null : present({ userid: row.advisor, name: row.advisorName }),
    addWay: row.addWay,
    boundAt: row.boundAt,
    lastSeenAt: row.lastSeenAt,
  }),
})

const BECAUSE: Record<store.Likely['because'], string> = {
  noted: '同事给这位联系人备注了对方的手机号',
  stated: '这位客户在小程序里填写了对方的手机号',
}

const toLikely = (likely: readonly store.Likely[]): Pick<CustomerItem, 'likely'> =>
  likely.length === 0
    ? {}
    : {
        likely: likely.map(({ id, customerNo, because }) => ({
          id,
          customerNo,
          because: BECAUSE[because],
        })),
      }
