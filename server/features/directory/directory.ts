import type { CustomerItem, WhyCode } from '../../../shared/api/customers.ts'
import { maskPhone, normalisePhone } from '../../../shared/phone.ts'
import type { Db } from '../../lib/db.ts'
import { present } from '../../lib/present.ts'
import type { Customers } from '../customers/customers.ts'
import type { Evidence } from '../evidence/evidence.ts'
import * as store from './directory.store.ts'
import { readStory } from './story.ts'
import { explain, findWhy } from './why.rules.ts'

export type DirectoryDeps = {
  db: Db
  customers: Pick<Customers, 'explainFollows'>
  evidence: Pick<Evidence, 'hashPhone'>
  clock: () => Date
}
export type Look = {
  q?: string | undefined
  /** Only who may not see projects, or sees none. */
  stuck?: boolean | undefined
  /** Only those of whom this is why. */
  reason?: WhyCode | undefined
  cursor: number | null
  limit: number
}
type Found = { items: CustomerItem[]; next: number | undefined }

/** Rows that are looked at for one page of a filter, at once and in all; the page then says where the next goes on. */
const LOOK = { atOnce: 100, atMost: 400 }

/**
 * Customers, found by what people remember of them, and why each may or may not see projects: by the same tables that
 * decide it. Owns no table and changes nothing. Woken by admins.
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
      return { ...item!, ...(await readStory(deps, row)) }
    },
  }
}
export type Directory = ReturnType<typeof createDirectory>

const ALL = { before: null, limit: 50 }

async function readRows(
  { db, clock }: DirectoryDeps,
  query: Parameters<typeof store.pageIds>[1],
): Promise<store.Row[]> {
  const ids = await store.pageIds(db, query)
  return store.pageRows(db, { ids, now: clock() })
}

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

async function search(
  deps: DirectoryDeps,
  { q, stuck, reason, cursor, limit }: Look,
): Promise<Found> {
  const wanted = understand(deps, q)
  const fits = (item: CustomerItem): boolean =>
    (stuck === undefined || isStuck(item) === stuck) &&
    (reason === undefined || item.why.code === reason)
  const isFilter = stuck !== undefined || reason !== undefined
  const step = isFilter ? LOOK.atOnce : limit + 1
  const items: CustomerItem[] = []
  let before = cursor
  for (let looked = 0; looked < LOOK.atMost; looked += step) {
    const ids = await store.pageIds(deps.db, { wanted, before, limit: step })
    const rows = await store.pageRows(deps.db, { ids, now: deps.clock() })
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

async function toItems(deps: DirectoryDeps, rows: readonly store.Row[]): Promise<CustomerItem[]> {
  const now = deps.clock()
  const likely = await store.pageLikely(deps.db, { ids: rows.map(({ id }) => id), now })
  return Promise.all(
    rows.map(async (row) => ({
      ...toItem(row),
      why: explain(findWhy(await toFacts(deps, row))),
      ...toLikely(likely.filter(({ of }) => of === row.id)),
    })),
  )
}

async function toFacts(deps: DirectoryDeps, row: store.Row) {
  const mustAsk = !row.canQuery && !row.proven && row.contact !== null && row.advisor !== null
  return {
    ...row,
    mayQuery: row.canQuery,
    suspended: row.suspended !== null,
    followed: row.advisor !== null,
    proofs: mustAsk
      ? await deps.customers.explainFollows(deps.db, {
          externalUserId: row.contact!,
          now: deps.clock(),
        })
      : [],
  }
}

const toItem = (row: store.Row): Omit<CustomerItem, 'why'> => ({
  id: row.id,
  customerNo: row.customerNo,
  openids: row.openids,
  bindingStatus: row.status,
  canQuery: row.canQuery,
  projects: row.shownOrders,
  heldOrders: row.heldOrders,
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
