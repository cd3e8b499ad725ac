import type { PersonExport } from '../../../shared/api/rights.ts'
import { inTransaction } from '../../lib/db.ts'
import { toCells } from './export.rules.ts'
import * as store from './export.store.ts'
import { hideOthers } from './forget.rules.ts'
import { findPerson, type Person } from './person.ts'
import * as people from './person.store.ts'
import { PERSONAL, type PersonalTable } from './personal-data.store.ts'
import * as requests from './requests.store.ts'
import type { Operator, RightsDeps, Subject, Tx } from './rights.deps.ts'

type Exporting = { subject: Subject; operator: Operator }

/** Everything that is kept of a person, told once: it stands in the operation log. Undefined: there is no such person. */
export const exportPerson = (
  deps: RightsDeps,
  { subject, operator }: Exporting,
): Promise<PersonExport | undefined> =>
  inTransaction(deps, async (tx) => {
    const person = await findPerson(tx.db, subject)
    if (!person) return undefined
    const now = tx.clock()
    const sections = await readAll(tx, person)
    await record(tx, { person, operator, now })
    return {
      ...(person.customer && { customerNo: person.customer.customerNo }),
      exportedAt: now.toISOString(),
      sections,
    }
  })

/** Who he is comes first, what was done about him last. */
async function readAll(tx: Tx, person: Person): Promise<PersonExport['sections']> {
  const hide = await findOthers(tx, person)
  const sections: PersonExport['sections'] = []
  for (const table of PERSONAL.toReversed()) {
    const rows = await store.pageRows(tx.db, { table, keys: person.keys })
    const told = OF_ORDERS.has(table.table) ? rows.map(hide) : rows
    sections.push({ name: table.table, title: table.section, rows: told.map(toCells) })
  }
  return sections
}

/** An order also names others: only what is his is told, of an order of somebody else no more than how far it is. */
const OF_ORDERS = new Set<PersonalTable['table']>([
  'projects',
  'project_stages',
  'project_equipment',
])

async function findOthers(tx: Tx, { keys, phones, owned, names: own }: Person) {
  const names = await people.pageOtherNames(tx.db, {
    orders: keys.orders,
    customerIds: keys.customers,
    phoneHmacs: keys.phones,
  })
  const { orderFields } = await tx.settings.read(tx.db)
  const shown = new Set(orderFields.map(({ key }) => key))
  const ownNos = new Set(owned.map(({ orderNo }) => orderNo))
  const namesHim = (value: unknown): boolean =>
    [...own, ...phones].some((word) => JSON.stringify(value).includes(word))
  return (row: store.DataRow): store.DataRow => {
    const isOwn = ownNos.has(String(row['order_no']))
    const info = (row['order_info'] ?? {}) as Record<string, unknown>
    const told = Object.entries(info).filter(
      ([key, value]) => isOwn && (shown.has(key) || namesHim(value)),
    )
    return hideOthers(
      {
        ...row,
        ...('order_info' in row && { order_info: Object.fromEntries(told) }),
        ...('address' in row && !isOwn && { address: null }),
      },
      { names, phones },
    ) as store.DataRow
  }
}

async function record(
  tx: Tx,
  { person: { customer, keys }, operator, now }: { person: Person; operator: Operator; now: Date },
): Promise<void> {
  await requests.closeOf(tx.db, {
    accountIds: keys.accounts,
    kinds: ['export'],
    customerId: customer?.id ?? null,
    by: operator.name,
    now,
  })
  await tx.audit.record(tx.db, {
    operator: operator.name,
    requestId: operator.requestId,
    operation: 'customer.exported',
    target: customer
      ? { type: 'customer', id: String(customer.id) }
      : { type: 'account', id: String(keys.accounts[0]) },
    before: null,
    after: null,
    now,
  })
}
