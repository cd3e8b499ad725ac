import type { Phone } from '../evidence/evidence.ts'
import type { Tx } from './customers.deps.ts'
import { handOver } from './customers.hand-over.ts'
import { lockNumbers } from './customers.locks.ts'
import * as store from './customers.store.ts'
import * as history from './history.store.ts'
import type { ContactRow } from './neighbours.store.ts'
import { decideJoin, type PhoneJoin } from './phone.rules.ts'

export type JoinRefusal = Extract<PhoneJoin, { kind: 'review' }>['reason']
type Joining = { contact: Pick<ContactRow, 'externalUserId'>; phone: Phone; now: Date }

/** Brings contact and phone into one customer row; answers why not, or null. */
export async function joinPhone(tx: Tx, joining: Joining): Promise<JoinRefusal | null> {
  const decided = decideJoin(await readJoin(tx, joining))
  if (decided.kind === 'review') return decided.reason
  if (decided.kind === 'same') return null
  await carryOut(tx, joining, decided)
  const {
    contact: { externalUserId },
    phone,
    now,
  } = joining
  const customer = await store.findByContact(tx.db, externalUserId)
  await store.refreshStatus(tx.db, customer!.id)
  await history.insertHistory(tx.db, {
    now,
    externalUserId,
    customerId: customer!.id,
    phoneMasked: phone.masked,
    decision: `contact and phone: ${decided.kind}`,
    outcome: 'join',
    actor: 'decision table',
  })
  return null
}

async function readJoin(tx: Tx, { contact: { externalUserId }, phone, now }: Joining) {
  const byContact = (await store.findByContact(tx.db, externalUserId)) ?? null
  const owner = (await store.findByPhone(tx.db, phone.plain)) ?? null
  const contactProven =
    owner?.contact != null &&
    (await tx.evidence.hasPhoneProof(tx.db, {
      externalUserId: owner.contact,
      customerId: owner.id,
      phoneHmac: phone.hmac,
      now,
    }))
  const namesDiffer =
    byContact !== null &&
    (await tx.ownership.namesDiffer(tx.db, { customerId: byContact.id, phoneHmac: phone.hmac }))
  return { byContact, byPhone: owner && { ...owner, contactProven }, namesDiffer }
}

async function carryOut(
  tx: Tx,
  { contact: { externalUserId }, phone, now }: Joining,
  decided: Exclude<PhoneJoin, { kind: 'same' | 'review' }>,
): Promise<void> {
  switch (decided.kind) {
    case 'create':
      await store.insertCustomer(tx.db, { contact: externalUserId, phone, now })
      break
    case 'give_phone':
      await store.setPhone(tx.db, { id: decided.id, phone, now })
      break
    case 'give_contact':
      await store.setContact(tx.db, { id: decided.id, externalUserId, now })
      break
    case 'merge':
      await merge(tx, { survivor: decided.survivor, loser: decided.loser, now })
      break
    case 'recycled':
      await takeFromFormer(tx, { formerOwner: decided.formerOwner, phone, now })
      if (decided.id === null)
        await store.insertCustomer(tx.db, { contact: externalUserId, phone, now })
      else await store.setPhone(tx.db, { id: decided.id, phone, now })
  }
}

type Merging = Pick<Tx, 'db'> & {
  evidence: Pick<Tx['evidence'], 'move'>
  ties: Pick<Tx['ties'], 'moveTies'>
  ownership: Pick<Tx['ownership'], 'moveHolder'>
  reviews: Pick<Tx['reviews'], 'move'>
}
type Merger = { survivor: number; loser: number; now: Date }

/** Two customers are one person (D14): whatever was the one's is the other's. */
export async function merge(tx: Merging, { survivor, loser, now }: Merger): Promise<void> {
  const move = { from: loser, to: survivor }
  await store.mergeRow(tx.db, { survivor, loser, now })
  await tx.ties.moveTies(tx.db, move)
  await tx.evidence.move(tx.db, move)
  await tx.reviews.move(tx.db, { ...move, now })
  await tx.ownership.moveHolder(tx.db, move)
}

type Taken = { formerOwner: number; phone: Phone; now: Date }

/** Nothing proved the number for him any more when it was proven for somebody else. */
async function takeFromFormer(tx: Tx, { formerOwner, phone, now }: Taken): Promise<void> {
  await handOver(tx, {
    phone,
    since: null,
    isDoubted: true,
    orders: [],
    actor: 'decision table',
    reason: 'proven for somebody else',
    now,
  })
  await tx.reviews.askAboutCustomer(tx.db, {
    kind: 'phone_recycled',
    customerId: formerOwner,
    detail: {},
    now,
  })
  tx.log.warn({ formerOwner }, 'a phone number went to a new person')
}

/** The customer of a normalised phone, made when unknown. */
export async function resolvePhone(
  tx: Tx,
  { phone, now }: { phone: string; now: Date },
): Promise<{ customerId: number; phoneHmac: Buffer }> {
  const hmac = tx.evidence.hashPhone(phone)
  await lockNumbers(tx.db, [hmac])
  const customerId = await store.upsertByPhone(tx.db, { phone: { plain: phone, hmac }, now })
  return { customerId, phoneHmac: hmac }
}
