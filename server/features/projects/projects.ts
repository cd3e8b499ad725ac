import type { ProjectBody, ProjectDetail, ProjectItem } from '../../../shared/api/projects.ts'
import {
  toEquipmentText,
  toOrderText,
  toProgressText,
  type ProjectQuestion,
} from '../../../shared/project-texts.ts'
import { tellCustomer } from '../../../shared/why-customer.ts'
import { toSentences } from '../../../shared/why.ts'
import { gather } from '../../lib/gather.ts'
import { cutPage } from '../../lib/pages.ts'
import { present } from '../../lib/present.ts'
import type { Db } from '../../lib/db.ts'
import { inTransactionOrDry } from '../../lib/dry-run.ts'
import { applySettings, save, saveNew, type Load, type Operator } from './loads.ts'
import { toCustomerOrder } from './order-fields.rules.ts'
import type { ProjectsDeps } from './projects.deps.ts'
import { toItem, toNames, toPlace } from './projects.present.ts'
import { readCursor, toCursor } from './projects.rules.ts'
import * as store from './projects.store.ts'

type Page =
  | { kind: 'page'; items: ProjectItem[]; nextCursor?: string }
  | { kind: 'not_allowed' }
  | { kind: 'bad_cursor' }
type Asked = { about: ProjectQuestion; tail: string }

/**
 * Orders and how far they are: keeps `projects`, `project_stages` and `project_equipment`. Woken by loads of the office, and
 * by `settings.changed`, which may say otherwise what an order's words mean. Tells `project.stage-changed`; `ownership` and
 * `customers` are asked in the load's own transaction. Customers see their own; who that is, the one query proves (story 3 of house.md).
 */
export function createProjects(deps: ProjectsDeps) {
  const pageFirst = gather((queries: readonly store.ListQuery[]) =>
    store.pageVisible(deps.reads, queries),
  )
  const findVisible = gather((queries: readonly store.DetailQuery[]) =>
    store.findVisible(deps.reads, queries),
  )
  const reads: Reads = { ...deps, pageFirst, findVisible }
  return {
    /** A page of the customer's projects, newest change first, finished ones too. */
    listFor: (accountId: number, page: { cursor?: string; limit: number }) =>
      listFor(reads, { accountId, ...page }),
    /** The same for a chat: what he asks about his newest projects, and `tail` below it; null when he may see none. */
    tellFor: (accountId: number, asked: Asked) => tellFor(reads, { accountId, ...asked }),
    /** The same for the chat of a contact. */
    tellContact: async (externalUserId: string, asked: Asked): Promise<string | null> => {
      const accountId = await store.findAccountOfContact(deps.db, externalUserId)
      return accountId === undefined ? null : tellFor(reads, { accountId, ...asked })
    },
    /** One project, with stages, equipment and order; somebody else's does not exist. */
    findFor: (accountId: number, id: string) => findFor(reads, { accountId, id }),
    /** Loads an order; a field left out stays, the same content again changes nothing. */
    save: (
      orderNo: string,
      body: ProjectBody,
      { operator, dryRun = false }: { operator: Operator; dryRun?: boolean },
    ) => inTransactionOrDry(deps, dryRun, (tx) => save(tx, { orderNo, body, operator })),
    /** The same in the caller's transaction. */
    saveWithin: (db: Db, load: Load) => save({ ...deps, db }, load),
    /** Loads an order that is not there yet; null, and nothing changes, when it is. */
    saveNewWithin: (db: Db, load: Load) => saveNew({ ...deps, db }, load),
    /** After a change of the settings: looks again at what they say about each order. */
    applySettings: () => applySettings(deps),
  }
}
export type Projects = ReturnType<typeof createProjects>

const TOLD_IN_CHAT = 5

/** What customers ask all day, gathered. */
type Reads = Pick<ProjectsDeps, 'db' | 'settings' | 'timeZone'> & {
  pageFirst: (query: store.ListQuery) => Promise<store.ItemRow[] | null>
  findVisible: (query: store.DetailQuery) => Promise<store.DetailRow | undefined | null>
}

async function listFor(
  { db, pageFirst }: Reads,
  { accountId, ...page }: { accountId: number; cursor?: string; limit: number },
): Promise<Page> {
  const after = page.cursor === undefined ? null : readCursor(page.cursor)
  if (page.cursor !== undefined && after === null) return { kind: 'bad_cursor' }
  const query = { accountId, limit: page.limit + 1 }
  const rows = after ? (await store.pageVisible(db, [query], after))[0] : await pageFirst(query)
  if (!rows) return { kind: 'not_allowed' }
  const { shown, last } = cutPage(rows, page.limit)
  return {
    kind: 'page',
    items: shown.map(toItem),
    ...(last && { nextCursor: toCursor(last) }),
  }
}

async function findFor(
  { findVisible, settings }: Reads,
  query: store.DetailQuery,
): Promise<ProjectDetail | 'not_allowed' | 'unknown'> {
  const [row, { orderFields }] = await Promise.all([findVisible(query), settings.read()])
  if (row === null) return 'not_allowed'
  if (row === undefined) return 'unknown'
  return {
    ...toItem(row),
    ...toPlace(row),
    ...toNames(row),
    stages: row.stages.map((stage) => present(stage)),
    equipment: row.equipment.map((item) => present(item)),
    ...toCustomerOrder(row.order, orderFields),
  }
}

/** By the same two readings as the pages, which prove his right. */
async function tellFor(
  reads: Reads,
  { accountId, about, tail }: Asked & { accountId: number },
): Promise<string | null> {
  const page = await listFor(reads, { accountId, limit: TOLD_IN_CHAT })
  if (page.kind !== 'page') return null
  const { items } = page
  if (items.length === 0) return `${toSentences(tellCustomer('no_order').why)}。`
  if (about === 'progress') return `${toProgressText(items)}\n${tail}`
  const found = await Promise.all(items.map(({ id }) => findFor(reads, { accountId, id })))
  const details = found.filter((one) => typeof one !== 'string')
  const toText = about === 'order' ? toOrderText : toEquipmentText
  return `${toText(details, reads.timeZone)}\n${tail}`
}
