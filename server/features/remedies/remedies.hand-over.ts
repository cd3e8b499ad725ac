import { maskPhone } from '../../../shared/phone.ts'
import { inTransactionOrDry } from '../../lib/dry-run.ts'
import { nameOf, type RemediesDeps, type Remedy, type Tx } from './remedies.deps.ts'
import * as store from './remedies.store.ts'

export type Hand = {
  phone: string
  since: Date
  toExternalUserId?: string | undefined
  orders: readonly string[]
  dryRun: boolean
}
/** `held`: those that stay and are nobody's until a person says. */
type Outcome = { moved: string[]; stay: string[]; held: string[]; ended: number[] }
export type Handed =
  | ({ kind: 'handed' } & Outcome)
  | {
      kind: 'refused'
      reason: 'unknown_number' | 'unknown_contact' | 'in_future' | 'unknown_orders'
    }

/** D20, by an admin's word. */
export async function handOver(deps: RemediesDeps, hand: Hand & Remedy): Promise<Handed> {
  if (hand.toExternalUserId !== undefined) await deps.contacts.refresh(hand.toExternalUserId)
  return inTransactionOrDry(deps, hand.dryRun, (tx) => decide(tx, hand))
}

/** `by`: whose name stands in the history; `phoneHmac`: of the number. */
type Move = Hand & Remedy & { phoneHmac: Buffer; by: string; now: Date }

async function decide(tx: Tx, hand: Hand & Remedy): Promise<Handed> {
  const { phone, operator } = hand
  const phoneHmac = tx.evidence.hashPhone(phone)
  const move = { ...hand, phoneHmac, by: nameOf(operator), now: tx.clock() }
  const refused = await findRefusal(tx, move)
  if (refused !== null) return { kind: 'refused', reason: refused }
  await store.lockOrders(tx.db, await store.pageOrdersOf(tx.db, phoneHmac))
  const owners = await store.pageOwners(tx.db, phone)
  const externalUserIds = [...owners, ...toList(hand.toExternalUserId)]
  const locked = await tx.customers.lockPeople(tx.db, { externalUserIds, phoneHmacs: [phoneHmac] })
  const before = await store.pageCards(tx.db, { phone })
  const outcome = await carryOut(tx, { ...move, owners, locked })
  await record(tx, { ...move, before, outcome })
  const { moved, stay, held, ended } = outcome
  return { kind: 'handed', moved, stay, held, ended }
}

const toList = (value: string | undefined): string[] => (value === undefined ? [] : [value])

type Locked = { owners: readonly string[]; locked: Map<string, number[]> }

async function carryOut(tx: Tx, move: Move & Locked): Promise<Outcome> {
  const { phone, phoneHmac, toExternalUserId, since, orders, by, reason, now } = move
  const named = { phoneHmac, orders, by, now }
  const outcome =
    toExternalUserId !== undefined && move.owners.includes(toExternalUserId)
      ? await give(tx, { ...named, toExternalUserId })
      : await tx.customers.handOver(tx.db, {
          phone,
          since,
          isDoubted: true,
          isOfNumber: true,
          orders,
          actor: by,
          reason,
          now,
        })
  if (toExternalUserId !== undefined) {
    const lockedAccountIds = move.locked.get(toExternalUserId) ?? []
    const contact = { externalUserId: toExternalUserId, lockedAccountIds, now }
    await tx.customers.considerContact(tx.db, contact)
    await tx.customers.giveNamed(tx.db, { ...named, toExternalUserId })
  }
  await tx.customers.considerNumbers(tx.db, { phoneHmacs: [phoneHmac], now })
  return outcome
}

type Entry = Move & { before: object[]; outcome: Outcome }

async function record(tx: Tx, entry: Entry): Promise<void> {
  const { phone, since, toExternalUserId, reason, operator, before, outcome, now } = entry
  const { moved, stay, held, ended } = outcome
  const after = {
    since: since.toISOString(),
    moved,
    stay,
    held,
    ended,
    to: toExternalUserId ?? null,
    customers: await store.pageCards(tx.db, { phone }),
  }
  await tx.audit.record(tx.db, {
    operator: nameOf(operator),
    operation: 'number.handed_over',
    target: { type: 'number', id: maskPhone(phone) },
    before: { customers: before },
    after,
    reason,
    detail: `key ${operator.key}`,
    requestId: operator.requestId,
    now,
  })
}

type Gift = {
  phoneHmac: Buffer
  toExternalUserId: string
  orders: readonly string[]
  by: string
  now: Date
}

/** Whoever has the number already keeps it: he is given the orders that are named. */
async function give(tx: Tx, gift: Gift): Promise<Outcome> {
  await tx.customers.giveNamed(tx.db, gift)
  const all = await store.pageOrdersOf(tx.db, gift.phoneHmac)
  const [moved, stay] = [true, false].map((isNamed) =>
    all.filter((orderNo) => gift.orders.includes(orderNo) === isNamed),
  ) as [string[], string[]]
  return { moved, stay, held: [], ended: [] }
}

async function findRefusal(
  tx: Tx,
  { phone, phoneHmac, since, toExternalUserId, orders, now }: Move,
): Promise<Extract<Handed, { kind: 'refused' }>['reason'] | null> {
  if (since > now) return 'in_future'
  if ((await store.pageCards(tx.db, { phone })).length === 0) return 'unknown_number'
  if (toExternalUserId !== undefined && !(await store.isKnownContact(tx.db, toExternalUserId)))
    return 'unknown_contact'
  const known = new Set(await store.pageOrdersOf(tx.db, phoneHmac))
  return orders.every((orderNo) => known.has(orderNo)) ? null : 'unknown_orders'
}
