import { toPhones } from '../../../shared/phone.ts'
import type { Db } from '../../lib/db.ts'
import type { Subject } from './rights.deps.ts'
import { toLogPattern, toNames, toPattern } from './forget.rules.ts'
import type { Keys } from './whose.store.ts'
import * as store from './person.store.ts'
import * as requests from './requests.store.ts'

/** All that one person is known by. */
export type Person = {
  /** null: an account that was never tied to anybody. */
  customer: { id: number; customerNo: string } | null
  keys: Keys
  openids: string[]
  unionIds: string[]
  phones: string[]
  /** Numbers that he stated or that were noted at him: his, as far as his own rows go. */
  likelyPhones: string[]
  names: string[]
  /** Orders that are his, not those that he may see besides. */
  owned: store.PartyRow[]
}

/** Undefined: there is no such person, or no longer. */
export async function findPerson(db: Db, subject: Subject): Promise<Person | undefined> {
  const root = await findRoot(db, subject)
  if (!root) return undefined
  const customers =
    root.customerId === undefined ? [] : await store.pageCustomers(db, root.customerId)
  const main = customers.find(({ merged }) => !merged)
  if (root.customerId !== undefined && !main) return undefined
  const customerIds = customers.map(({ id }) => id)
  const known = await findKnown(db, { ...root, customers, customerIds })
  const { phones, phoneHmacs } = toNumbers(customers)
  const parties = await store.pageParties(db, { customerIds, phoneHmacs })
  const words = await findWords(db, { ...known, customers, parties })
  const keys: Keys = {
    customers: customerIds,
    customerTexts: customerIds.map(String),
    accounts: known.accounts.map(({ id }) => id),
    contacts: known.contacts.map(({ externalUserId }) => externalUserId),
    phones: phoneHmacs,
    orders: [...new Set(parties.map(({ projectId }) => projectId))],
    orderNos: [...new Set(parties.map(({ orderNo }) => orderNo))],
    requests: 'requestId' in subject ? [subject.requestId] : [],
    calledInLog: toLogPattern({
      customerNos: customers.map(({ customerNo }) => customerNo),
      phones,
    }),
  }
  return {
    customer: main ? { id: main.id, customerNo: main.customerNo } : null,
    keys,
    openids: known.accounts.map(({ openid }) => openid),
    unionIds: known.unionIds,
    phones,
    ...words,
    owned: parties.filter(({ owner }) => owner),
  }
}

type Root = { customerId?: number; accountId?: number }

async function findRoot(db: Db, subject: Subject): Promise<Root | undefined> {
  if ('customerId' in subject) return subject
  const accountId = await requests.findAccountOf(db, subject.requestId)
  if (accountId === undefined) return undefined
  const customerId = await store.findCustomerOf(db, accountId)
  return customerId === undefined ? { accountId } : { customerId }
}

type Rows = Root & { customers: readonly store.CustomerRow[]; customerIds: readonly number[] }

/** Accounts and contacts that are his: by ties, and because WeChat itself says that they are one user. */
async function findKnown(db: Db, { accountId, customers, customerIds }: Rows) {
  const tied =
    accountId === undefined
      ? await store.pageTiedAccounts(db, customerIds)
      : await store.pageAccounts(db, [accountId])
  const own = customers.flatMap(({ contact }) => contact ?? [])
  const before = await store.pageContacts(db, { contacts: own, unionIds: [] })
  const unionIds = [...new Set([...tied, ...before].flatMap(({ unionId }) => unionId ?? []))]
  const siblings = await store.pageSiblings(db, { unionIds, customerIds })
  const accounts = [...new Map([...tied, ...siblings].map((one) => [one.id, one])).values()]
  const contacts = await store.pageContacts(db, { contacts: own, unionIds })
  const unknown = own
    .filter((id) => contacts.every(({ externalUserId }) => externalUserId !== id))
    .map((externalUserId) => ({ externalUserId, name: null, unionId: null }))
  return { accounts, contacts: [...contacts, ...unknown], unionIds }
}

function toNumbers(customers: readonly store.CustomerRow[]) {
  const numbered = customers.filter(({ phone }) => phone !== null)
  return {
    phones: numbered.map(({ phone }) => phone!),
    phoneHmacs: numbered.map(({ phoneHmac }) => phoneHmac!),
  }
}

type Known = Awaited<ReturnType<typeof findKnown>> & {
  customers: readonly store.CustomerRow[]
  parties: readonly store.PartyRow[]
}

async function findWords(db: Db, { accounts, contacts, customers, parties }: Known) {
  const noted = await store.pageNoted(
    db,
    contacts.map(({ externalUserId }) => externalUserId),
  )
  const accountIds = accounts.map(({ id }) => id)
  const stated = await store.pageStatedPhones(db, accountIds)
  const left = await store.pageLeft(db, accountIds)
  return {
    names: toNames([
      ...customers.map(({ name }) => name),
      ...contacts.map(({ name }) => name),
      ...noted.map(({ remark }) => remark),
      ...parties.flatMap(({ name, nameThen }) => [name, nameThen]),
      ...left.map(({ name }) => name),
    ]),
    likelyPhones: toPhones([
      ...stated,
      ...left.map(({ phone }) => phone),
      ...noted.flatMap(({ mobiles, first }) => [...mobiles, ...(first ?? [])]),
    ]),
  }
}

/** What he alone is called by, wherever it stands. */
export const toOwnPattern = ({ phones, openids, unionIds, keys }: Person): string =>
  toPattern({ phones, ids: [...openids, ...unionIds, ...keys.contacts] })

/** The same with numbers that are likely his, for texts that are surely about him. */
export const toWidePattern = ({ likelyPhones, ...person }: Person): string =>
  toOwnPattern({ ...person, likelyPhones, phones: [...person.phones, ...likelyPhones] })
