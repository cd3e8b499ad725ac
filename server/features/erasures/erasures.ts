import { toPhones } from '../../../shared/phone.ts'
import { lockKey, shareKey, type Db } from '../../lib/db.ts'
import type { Secrets } from '../../lib/secrets.ts'
import type { Contact } from '../../outside/wecom/contacts.entries.ts'
import * as store from './erasures.store.ts'
import {
  isForgotten,
  sinceErasure,
  withoutNotes,
  type Erased,
  type Told,
} from './erasures.rules.ts'

export type ErasuresDeps = { secrets: Pick<Secrets, 'hmac'> }
type NotedAt = { externalUserId: string; phone: string }
export type Marking = { contacts: readonly string[]; notes: readonly NotedAt[]; now: Date }

/** Whoever stores what a platform tells shares it; whoever erases has it alone. */
const LOCK = 'erasures'

/**
 * Who was erased, as far as it must be known so that the platforms do not bring him back: keyed hashes of contacts and of
 * numbers noted at others. Keeps `erasures` and `erasure_marks`. Woken by `rights`, which erases, and by the rooms that
 * store what WeCom tells, inside their transactions: what began before the erasure is not stored again; whoever comes
 * anew is somebody of whom nothing is known. Tells nobody.
 */
export function createErasures({ secrets }: ErasuresDeps) {
  const toMark = (externalUserId: string): store.Mark => ({
    kind: 'contact',
    hmac: secrets.hmac('erased-contact', externalUserId),
  })
  const toNote = ({ externalUserId, phone }: NotedAt): store.Mark => ({
    kind: 'note',
    hmac: secrets.hmac('erased-note', `${externalUserId} ${phone}`),
  })
  const marks = { toMark, toNote }
  return {
    /** Waits until nobody stores what a platform told, and lets nobody begin. Take it before any other lock. */
    holdAlone: (db: Db) => lockKey(db, LOCK),
    /** From here to the end of the transaction nobody is erased. Take it before any other lock. */
    hold: (db: Db) => shareKey(db, LOCK),
    /**
     * Of these what may be stored: not what is about somebody who was erased. Who did something himself is there again.
     * What names nobody stays.
     */
    keepKnown: async <T extends Told>(
      db: Db,
      { told, now }: { told: readonly T[]; now: Date },
    ): Promise<T[]> => {
      const forgotten = await findForgotten(db, { told, now, toMark })
      return told.filter((one) => !forgotten.has(one))
    },
    /** What of a contact may be stored; null: nothing, he was erased and has not come anew. Hold his lock. */
    recall: (db: Db, { contact, now }: { contact: Contact; now: Date }) =>
      recall(db, { contact, now, ...marks }),
    /** Whether somebody was erased and has not come anew. */
    isGone: async (db: Db, externalUserId: string): Promise<boolean> => {
      const [erased] = await store.pageMarks(db, [toMark(externalUserId)])
      return erased !== undefined && erased.returnedAt === null
    },
    mark: async (db: Db, { contacts, notes, now }: Marking): Promise<void> => {
      const wanted = [...contacts.map(toMark), ...notes.map(toNote)]
      if (wanted.length > 0) await store.upsertMarks(db, { marks: wanted, now })
    },
    record: store.insertErasure,
    find: store.findErasure,
  }
}
export type Erasures = ReturnType<typeof createErasures>
export type { Counts } from './erasures.store.ts'

type ToMark = { toMark: (externalUserId: string) => store.Mark }

async function findForgotten<T extends Told>(
  db: Db,
  { told, now, toMark }: ToMark & { told: readonly T[]; now: Date },
): Promise<Set<T>> {
  const contacts = new Set(told.flatMap(({ externalUserId }) => externalUserId ?? []))
  if (contacts.size === 0) return new Set()
  const erased = await findErased(db, { contacts: [...contacts], toMark })
  const forgotten = new Set<T>()
  const back: string[] = []
  for (const one of told) {
    const known = erased.get(one.externalUserId ?? '')
    if (isForgotten(one, known)) forgotten.add(one)
    else if (known && known.returnedAt === null) {
      known.returnedAt = now
      back.push(one.externalUserId!)
    }
  }
  if (back.length > 0)
    await store.setReturned(db, { hmacs: back.map((id) => toMark(id).hmac), now })
  return forgotten
}

async function findErased(
  db: Db,
  { contacts, toMark }: ToMark & { contacts: readonly string[] },
): Promise<Map<string, Erased>> {
  const byHash = new Map(contacts.map((id) => [toMark(id).hmac.toString('hex'), id]))
  const found = await store.pageMarks(db, contacts.map(toMark))
  return new Map(found.map((row) => [byHash.get(row.hmac.toString('hex'))!, row]))
}

type Recall = ToMark & {
  toNote: (noted: NotedAt) => store.Mark
  contact: Contact
  now: Date
}

async function recall(db: Db, { contact, now, toMark, toNote }: Recall): Promise<Contact | null> {
  const { externalUserId } = contact
  const phones = toPhones(contact.follows.flatMap(({ remarkMobiles }) => remarkMobiles))
  const notes = new Map(
    phones.map((phone) => [toNote({ externalUserId, phone }).hmac.toString('hex'), phone]),
  )
  const found = await store.pageMarks(db, [
    toMark(externalUserId),
    ...phones.map((phone) => toNote({ externalUserId, phone })),
  ])
  if (found.length === 0) return contact
  const erased = found.find(({ kind }) => kind === 'contact')
  const erasedAt = new Map(
    found
      .filter(({ kind }) => kind === 'note')
      .map((row) => [notes.get(row.hmac.toString('hex'))!, row.erasedAt]),
  )
  const follows = sinceErasure(contact.follows, erased).map((one) => withoutNotes(one, erasedAt))
  if (erased && erased.returnedAt === null) {
    if (follows.length === 0) return null
    await store.setReturned(db, { hmacs: [erased.hmac], now })
  }
  return { ...contact, follows }
}
