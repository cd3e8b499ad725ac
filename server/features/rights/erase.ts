import { sqlState } from '../../lib/db.ts'
import { inTransactionOrDry } from '../../lib/dry-run.ts'
import { isDeepStrictEqual } from 'node:util'
import { maskPhone, normalisePhone } from '../../../shared/phone.ts'
import type { Counts } from '../erasures/erasures.ts'
import * as store from './erase.store.ts'
import { forget, toPattern, toNames, type Words } from './forget.rules.ts'
import { findPerson, toOwnPattern, toWidePattern, type Person } from './person.ts'
import { MENTIONS, type Mentions } from './mentions.store.ts'
import { PERSONAL } from './personal-data.store.ts'
import * as requests from './requests.store.ts'
import type { Operator, RightsDeps, Subject, Tx } from './rights.deps.ts'

export type Erasing = { subject: Subject; reason: string; dryRun: boolean; operator: Operator }
/** `counts`: rows by table. */
export type Erased = { erasedAt: Date; already: boolean; counts: Counts }

/** What was found before the locks is no longer so. */
class PersonChanged extends Error {}
const TRIES = 3
const DEADLOCK = '40P01'

/** Undefined: there is no such person. Who has been erased stays erased. */
export async function erase(deps: RightsDeps, erasing: Erasing): Promise<Erased | undefined> {
  for (let tries = 1; ; tries += 1)
    try {
      return await inTransactionOrDry(deps, erasing.dryRun, (tx) => eraseOnce(tx, erasing))
    } catch (error) {
      const mayTry = error instanceof PersonChanged || sqlState(error) === DEADLOCK
      if (!mayTry || tries === TRIES) throw error
    }
}

async function eraseOnce(tx: Tx, erasing: Erasing): Promise<Erased | undefined> {
  await tx.erasures.holdAlone(tx.db)
  const person = await findPerson(tx.db, erasing.subject)
  if (!person) return findErased(tx, erasing.subject)
  await hold(tx, { person, subject: erasing.subject })
  const now = tx.clock()
  await requests.closeOf(tx.db, {
    accountIds: person.keys.accounts,
    kinds: ['export', 'erase'],
    customerId: person.customer?.id ?? null,
    by: erasing.operator.name,
    now,
  })
  const counts = await eraseAll(tx, { person, now })
  await record(tx, { ...erasing, person, counts, now })
  const rows = Object.values(counts).reduce((sum, count) => sum + count, 0)
  if (!erasing.dryRun) tx.log.info({ customerId: person.customer?.id, rows }, 'a person was erased')
  return { erasedAt: now, already: false, counts }
}

async function findErased(tx: Tx, subject: Subject): Promise<Erased | undefined> {
  const before =
    'customerId' in subject ? await tx.erasures.find(tx.db, subject.customerId) : undefined
  return before && { erasedAt: before.at, already: true, counts: before.counts }
}

type Held = { person: Person; subject: Subject }

/** In the order in which everybody takes them (ownership.md, 10); then it must still be the same person. */
async function hold(tx: Tx, { person, subject }: Held): Promise<void> {
  const { keys } = person
  await store.lockMessages(tx.db, keys.contacts)
  await store.lockOrders(tx.db, keys.orderNos)
  await tx.ties.lock(tx.db, { accountIds: keys.accounts, externalUserIds: keys.contacts })
  await tx.customers.lockNumbers(tx.db, keys.phones)
  if (!isDeepStrictEqual(await findPerson(tx.db, subject), person)) throw new PersonChanged()
}

type Work = { person: Person; now: Date }

async function eraseAll(tx: Tx, { person, now }: Work): Promise<Counts> {
  const { keys, phones, owned } = person
  const pattern = toOwnPattern(person)
  const counts: Counts = {}
  counts['jobs'] = await store.deleteJobs(tx.db, pattern)
  counts['callback_inbox'] = await store.emptyCallbacks(tx.db, { pattern, now })
  counts['import_rows'] = await store.emptyImportRows(tx.db, { pattern, orderNos: keys.orderNos })
  await store.promoteRivals(tx.db, keys.accounts)
  await store.endClaims(tx.db, keys.phones)
  await store.forgetEventPhones(tx.db, { phones })
  const stated = { phones, accounts: keys.accounts, names: person.names }
  await store.forgetLeadNotes(tx.db, stated)
  await store.forgetLeads(tx.db, stated)
  await store.forgetLoads(tx.db, {
    orderNos: owned.map(({ orderNo }) => orderNo),
    masked: phones.map(maskPhone),
    customers: keys.customers,
  })
  for (const mentions of MENTIONS) {
    const count = await forgetMentions(tx, { mentions, person, pattern })
    if (count > 0) counts[mentions.table] = count
  }
  await store.forgetOrders(
    tx.db,
    owned.map(({ projectId }) => projectId),
  )
  const notes = await forgetNotes(tx, person)
  await store.leaveOrders(tx.db, keys)
  await tx.media.discardOf(tx.db, keys.accounts)
  for (const table of PERSONAL.filter(({ fate }) => fate === 'deleted'))
    counts[table.table] = await store.deleteRows(tx.db, { table, keys })
  await tx.erasures.mark(tx.db, { contacts: keys.contacts, notes, now })
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))
}

type Mentioned = { mentions: Mentions; person: Person; pattern: string }

/** Rows that stay: those about him lose his names too, all others what he alone is called by. */
async function forgetMentions(tx: Tx, { mentions, person, pattern }: Mentioned): Promise<number> {
  const { keys, owned, names } = person
  const rows = await store.pageTexts(tx.db, { ...mentions, keys, pattern })
  const addresses = toNames(owned.map(({ address }) => address))
  const wide = { pattern: toWidePattern(person), names: [...addresses, ...names] }
  let count = 0
  for (const row of rows) {
    const left = forgetRow(row, row.his ? wide : { pattern, names: [] })
    if (isDeepStrictEqual(left, row)) continue
    await store.setTexts(tx.db, { ...mentions, row: left })
    count += 1
  }
  return count
}

/** A field of an order that names him goes as a whole: it is about him. */
const forgetRow = (row: store.TextRow, words: Words): store.TextRow =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      forget(value, words, { whole: name === 'order_info' }),
    ]),
  ) as store.TextRow

/** His number where it is noted at others; answers where that was. */
async function forgetNotes(
  tx: Tx,
  { phones, keys }: Person,
): Promise<{ externalUserId: string; phone: string }[]> {
  if (phones.length === 0) return []
  const pattern = toPattern({ phones, ids: [] })
  const words = { pattern, names: [] }
  const isOther = (typed: string): boolean => !phones.includes(normalisePhone(typed) ?? '')
  const noted = (await store.pageNotedAt(tx.db, pattern)).filter(
    ({ externalUserId }) => !keys.contacts.includes(externalUserId),
  )
  for (const row of noted)
    await store.setNoted(tx.db, {
      ...row,
      remark: forget(row.remark, words) as string | null,
      mobiles: row.mobiles.filter(isOther),
      first: row.first && row.first.filter(isOther),
    })
  return noted.flatMap(({ externalUserId }) => phones.map((phone) => ({ externalUserId, phone })))
}

type Recorded = Omit<Erasing, 'dryRun'> & Work & { counts: Counts }

/** What was done stands in the log, and what was asked for is answered; neither names him. */
async function record(tx: Tx, { person, reason, operator, counts, now }: Recorded): Promise<void> {
  const { customer, keys, names } = person
  const by = operator.name
  const customerId = customer?.id ?? null
  const words = { pattern: toWidePattern(person), names }
  await tx.erasures.record(tx.db, { customerId, by, counts, now })
  await tx.audit.record(tx.db, {
    operator: by,
    requestId: operator.requestId,
    operation: 'customer.erased',
    target: customer
      ? { type: 'customer', id: String(customer.id) }
      : { type: 'account', id: String(keys.accounts[0]) },
    before: null,
    after: { counts },
    reason: forget(reason, words) as string,
    now,
  })
}
