import { toPhones } from '../../../shared/phone.ts'
import type { Db } from '../../lib/db.ts'
import type { Around } from '../ties/ties.ts'
import type { Tx } from './customers.deps.ts'
import * as store from './customers.store.ts'
import * as neighbours from './neighbours.store.ts'
import * as numbers from './numbers.store.ts'
import { keyOf } from './phone.rules.ts'

/** Serialises what follows against other decisions about these numbers; take all at once, or two callers may wait for each other. */
export const lockNumbers = (db: Db, phoneHmacs: readonly Buffer[]): Promise<void> =>
  store.lock(db, 'phone', phoneHmacs.map(keyOf))

type Named = { externalUserId: string; unionId: string | null; mobiles: readonly string[] }

/** Locks a contact and every account it is tied to or shares a unionid or a phone with; answers these. */
export async function lockContact(tx: Tx, { mobiles, ...contact }: Named): Promise<number[]> {
  const phoneHmacs = toPhones(mobiles).map((phone) => tx.evidence.hashPhone(phone))
  const [accountIds] = await tx.ties.lockContacts(tx.db, [{ ...contact, phoneHmacs }])
  return accountIds!
}

export type People = { externalUserIds: readonly string[]; phoneHmacs: readonly Buffer[] }

/** Locks all who share an account, a phone or a unionid with these contacts, and these numbers and all that the contacts have. */
export async function lockPeople(tx: Tx, people: People): Promise<Map<string, number[]>> {
  const around: Around[] = []
  for (const externalUserId of new Set(people.externalUserIds))
    around.push(await findAround(tx, externalUserId))
  const accountIds = await tx.ties.lockContacts(tx.db, around)
  const own = await numbers.pageNumbersOf(tx.db, people.externalUserIds)
  await lockNumbers(tx.db, [
    ...people.phoneHmacs,
    ...own,
    ...around.flatMap(({ phoneHmacs }) => phoneHmacs),
  ])
  return new Map(around.map(({ externalUserId }, index) => [externalUserId, accountIds[index]!]))
}

async function findAround(tx: Tx, externalUserId: string): Promise<Around> {
  const contact = await neighbours.findContact(tx.db, externalUserId)
  const mobiles = (await neighbours.pageFollows(tx.db, externalUserId)).flatMap((follow) =>
    toPhones(follow.remarkMobiles),
  )
  return {
    externalUserId,
    unionId: contact?.unionId ?? null,
    phoneHmacs: mobiles.map((phone) => tx.evidence.hashPhone(phone)),
  }
}

type Change = Pick<store.CustomerRow, 'contact' | 'phone'> & { wanted: Buffer }

/** Contact and numbers that another phone for a customer concerns, all at once: whoever waits for one of them holds none of the others. */
export async function lockForPhone(tx: Tx, { contact, phone, wanted }: Change): Promise<Buffer[]> {
  if (contact !== null) await store.lock(tx.db, 'contact', [contact])
  const named = contact === null ? [] : await tx.reviews.findNumbersAbout(tx.db, contact)
  const concerned = [wanted, ...(phone === null ? [] : [tx.evidence.hashPhone(phone)]), ...named]
  await lockNumbers(tx.db, concerned)
  return concerned
}
