import type { CustomerCard, ManualBindBody } from '../../../shared/api/remedies.ts'
import { maskPhone } from '../../../shared/phone.ts'
import type { Db } from '../../lib/db.ts'
import type { Audit } from '../audit/audit.ts'
import type { BindCodes } from '../bind-codes/bind-codes.ts'
import type { Contacts } from '../contacts/contacts.ts'
import type { Conflict, Customers } from '../customers/customers.ts'
import * as store from './remedies.store.ts'

type Deps = {
  db: Db
  customers: Pick<
    Customers,
    | 'lock'
    | 'lockForPhone'
    | 'lockPeople'
    | 'hashPhone'
    | 'bindManually'
    | 'changePhone'
    | 'handOver'
    | 'giveNamed'
    | 'considerContact'
    | 'considerNumbers'
    | 'resume'
    | 'untieCustomer'
  >
  contacts: Pick<Contacts, 'refresh'>
  binding: Pick<BindCodes, 'liftStop'>
  audit: Audit
  clock: () => Date
}
/** Who acts: the key that was used, and the person named with it. */
export type Operator = { key: string; userid?: string | undefined; requestId: string }
type Remedy = { reason: string; operator: Operator }
export type ManualOutcome =
  | { kind: 'bound'; card: CustomerCard }
  | { kind: 'unknown'; what: 'account' | 'contact' }
  | { kind: 'conflict'; conflicts: Conflict[] }
/** Why there is nothing to mend, or what is in the way. */
export type Refusal = 'not_bound' | 'not_suspended' | 'same_phone' | 'phone_taken'
export type Mended =
  | { kind: 'mended'; card: CustomerCard }
  | { kind: 'unknown' }
  | { kind: 'refused'; reason: Refusal }
export type Lifted = 'lifted' | 'tries_forgotten' | 'nothing' | 'unknown'

/** What a person mends by hand (R0.60, R0.79). Everything here has a reason and leaves before and after in the operation log. */
export function createRemedies(deps: Deps) {
  return {
    bindManually: (body: ManualBindBody, operator: Operator) => bindManually(deps, body, operator),
    unbind: (customerId: number, remedy: Remedy) => unbind(deps, customerId, remedy),
    changePhone: (customerId: number, change: PhoneChange, remedy: Remedy) =>
      changePhone(deps, customerId, change, remedy),
    resume: (customerId: number, remedy: Remedy) => resume(deps, customerId, remedy),
    liftStop: (externalUserId: string, remedy: Remedy) => liftStop(deps, externalUserId, remedy),
    find: (by: { phone: string } | { externalUserId: string }) => store.pageCards(deps.db, by),
    /** D20: a number changed hands. A dry run says what would happen and leaves everything as it is. */
    handOver: (hand: Hand, remedy: Remedy) => handOver(deps, hand, remedy),
  }
}
export type Remedies = ReturnType<typeof createRemedies>

const nameOf = ({ key, userid }: Operator): string => userid ?? key
const findCard = async (db: Db, id: number): Promise<CustomerCard | null> =>
  (await store.pageCards(db, { id }))[0] ?? null

async function bindManually(
  deps: Deps,
  body: ManualBindBody,
  operator: Operator,
): Promise<ManualOutcome> {
  // What WeCom says now, so that the decision stands on today's contact; an unknown one may just not have been mirrored.
  await deps.contacts.refresh(body.weworkUserid)
  const accountId = await store.findAccountId(deps.db, body.wechatOpenid)
  if (accountId === undefined) return { kind: 'unknown', what: 'account' }
  if (!(await store.isKnownContact(deps.db, body.weworkUserid)))
    return { kind: 'unknown', what: 'contact' }
  return deps.db.transaction(async (db) => {
    const now = deps.clock()
    await deps.customers.lock(
      db,
      await store.findAround(db, {
        accountId,
        externalUserId: body.weworkUserid,
        phone: body.customerPhone,
      }),
    )
    const before = await store.pageCards(db, {
      around: { accountId, externalUserId: body.weworkUserid, phone: body.customerPhone },
    })
    const bound = await deps.customers.bindManually(db, {
      accountId,
      externalUserId: body.weworkUserid,
      phone: body.customerPhone,
      reason: body.reason,
      override: body.override,
      operator: body.operatorUserid,
      now,
    })
    if (bound.kind === 'conflict') return bound
    const card = (await findCard(db, bound.customerId))!
    await deps.audit.record(db, {
      operator: body.operatorUserid,
      operation: 'customer.bound_manually',
      target: { type: 'customer', id: String(bound.customerId) },
      before: { customers: before },
      after: card,
      reason: body.reason,
      detail: `key ${operator.key}`,
      requestId: operator.requestId,
      now,
    })
    return { kind: 'bound', card }
  })
}

type Mending = {
  customerId: number
  operation: string
  remedy: Remedy
  deed: (by: { actor: string; now: Date }) => Promise<Refusal | null>
}

/** One remedy to one customer, with its entry in the operation log; a deed that refuses has done nothing and leaves none. */
async function mend(
  deps: Deps,
  db: Db,
  { customerId, operation, remedy: { reason, operator }, deed }: Mending,
): Promise<Mended> {
  const before = await findCard(db, customerId)
  if (!before) return { kind: 'unknown' }
  const now = deps.clock()
  const refused = await deed({ actor: nameOf(operator), now })
  if (refused !== null) return { kind: 'refused', reason: refused }
  const card = (await findCard(db, customerId))!
  await deps.audit.record(db, {
    operator: nameOf(operator),
    operation,
    target: { type: 'customer', id: String(customerId) },
    before,
    after: card,
    reason,
    detail: `key ${operator.key}`,
    requestId: operator.requestId,
    now,
  })
  return { kind: 'mended', card }
}

/** What a remedy is decided on: nobody changes it before the transaction ends. Undefined when there is no such customer. */
async function hold(deps: Deps, db: Db, customerId: number, phone?: string) {
  await deps.customers.lock(db, await store.findTies(db, customerId))
  if (phone !== undefined) await deps.customers.lockForPhone(db, { customerId, phone })
  return store.lockCustomer(db, customerId)
}

/** No hold(): untying takes its own locks, and says afterwards whether there was a tie. */
const unbind = (deps: Deps, customerId: number, remedy: Remedy): Promise<Mended> =>
  deps.db.transaction((db) =>
    mend(deps, db, {
      customerId,
      operation: 'customer.unbound',
      remedy,
      deed: async ({ actor, now }) =>
        (await deps.customers.untieCustomer(db, {
          customerId,
          actor,
          sourceId: remedy.operator.requestId,
          now,
        }))
          ? null
          : 'not_bound',
    }),
  )

const resume = (deps: Deps, customerId: number, remedy: Remedy): Promise<Mended> =>
  deps.db.transaction(async (db) => {
    const held = await hold(deps, db, customerId)
    return mend(deps, db, {
      customerId,
      operation: 'customer.resumed',
      remedy,
      deed: async ({ actor, now }) => {
        if (held?.suspendedReason == null) return 'not_suspended'
        await deps.customers.resume(db, { customerId, operator: actor, now })
        return null
      },
    })
  })

type PhoneChange = { phone: string; proven: boolean; since: Date | null }

/** The same phone is a change only when the admin vouches for it. */
const changePhone = (
  deps: Deps,
  customerId: number,
  { phone, proven, since }: PhoneChange,
  remedy: Remedy,
): Promise<Mended> =>
  deps.db.transaction(async (db) => {
    const held = await hold(deps, db, customerId, phone)
    return mend(deps, db, {
      customerId,
      operation: 'customer.phone_changed',
      remedy,
      deed: async ({ actor, now }) => {
        if (held?.phone === phone && !proven) return 'same_phone'
        const changed = await deps.customers.changePhone(db, {
          customerId,
          phone,
          proven,
          since,
          reason: remedy.reason,
          operator: actor,
          now,
        })
        return changed === 'phone_taken' ? changed : null
      },
    })
  })

async function liftStop(
  deps: Deps,
  externalUserId: string,
  { reason, operator }: Remedy,
): Promise<Lifted> {
  return deps.db.transaction(async (db) => {
    const now = deps.clock()
    const before = await deps.binding.liftStop(db, externalUserId)
    if (before.tries + before.pauses === 0)
      return (await store.isKnownContact(db, externalUserId)) ? 'nothing' : 'unknown'
    await deps.audit.record(db, {
      operator: nameOf(operator),
      operation: 'contact.code_stop_lifted',
      target: { type: 'contact', id: externalUserId },
      before,
      after: { tries: 0, pauses: 0 },
      reason,
      detail: `key ${operator.key}`,
      requestId: operator.requestId,
      now,
    })
    return before.pauses > 0 ? 'lifted' : 'tries_forgotten'
  })
}

type Hand = {
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

/** What a dry run would have done; thrown so that nothing of it stays. */
class DryRun extends Error {
  readonly handed: Handed
  constructor(handed: Handed) {
    super('a dry run ends without a trace')
    this.handed = handed
  }
}

async function handOver(deps: Deps, hand: Hand, remedy: Remedy): Promise<Handed> {
  if (hand.toExternalUserId !== undefined) await deps.contacts.refresh(hand.toExternalUserId)
  try {
    return await deps.db.transaction(async (db) => {
      const handed = await handOverIn(deps, db, hand, remedy)
      if (hand.dryRun) throw new DryRun(handed)
      return handed
    })
  } catch (error) {
    if (error instanceof DryRun) return error.handed
    throw error
  }
}

async function handOverIn(
  deps: Deps,
  db: Db,
  { phone, since, toExternalUserId, orders }: Hand,
  { reason, operator }: Remedy,
): Promise<Handed> {
  const now = deps.clock()
  const phoneHmac = deps.customers.hashPhone(phone)
  const refused = await findRefusal(db, { phone, phoneHmac, since, toExternalUserId, orders, now })
  if (refused !== null) return { kind: 'refused', reason: refused }
  await store.lockOrders(db, await store.pageOrdersOf(db, phoneHmac))
  const owners = await store.pageOwners(db, phone)
  const externalUserIds = [...owners, ...(toExternalUserId === undefined ? [] : [toExternalUserId])]
  const locked = await deps.customers.lockPeople(db, { externalUserIds, phoneHmacs: [phoneHmac] })
  const before = await store.pageCards(db, { phone })
  const by = nameOf(operator)
  const isHis = toExternalUserId !== undefined && owners.includes(toExternalUserId)
  const { moved, stay, held, ended } = isHis
    ? await give(deps, db, { phoneHmac, toExternalUserId, orders, by, now })
    : await deps.customers.handOver(db, {
        phone,
        since,
        isDoubted: true,
        orders,
        actor: by,
        reason,
        now,
      })
  if (toExternalUserId !== undefined) {
    await deps.customers.considerContact(
      db,
      toExternalUserId,
      locked.get(toExternalUserId) ?? [],
      now,
    )
    await deps.customers.giveNamed(db, { phoneHmac, toExternalUserId, orders, by, now })
  }
  await deps.customers.considerNumbers(db, { phoneHmacs: [phoneHmac], now })
  const after = {
    since: since.toISOString(),
    moved,
    stay,
    held,
    ended,
    to: toExternalUserId ?? null,
    customers: await store.pageCards(db, { phone }),
  }
  await deps.audit.record(db, {
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
  return { kind: 'handed', moved, stay, held, ended }
}

type Gift = {
  phoneHmac: Buffer
  toExternalUserId: string
  orders: readonly string[]
  by: string
  now: Date
}

/** Whoever has the number already keeps it: he is given the orders that are named. */
async function give(deps: Deps, db: Db, gift: Gift): Promise<Outcome> {
  await deps.customers.giveNamed(db, gift)
  const all = await store.pageOrdersOf(db, gift.phoneHmac)
  const [moved, stay] = [true, false].map((isNamed) =>
    all.filter((orderNo) => gift.orders.includes(orderNo) === isNamed),
  ) as [string[], string[]]
  return { moved, stay, held: [], ended: [] }
}

type Asked = Omit<Hand, 'dryRun'> & { phoneHmac: Buffer; now: Date }

async function findRefusal(
  db: Db,
  { phone, phoneHmac, since, toExternalUserId, orders, now }: Asked,
): Promise<Extract<Handed, { kind: 'refused' }>['reason'] | null> {
  if (since > now) return 'in_future'
  if ((await store.pageCards(db, { phone })).length === 0) return 'unknown_number'
  if (toExternalUserId !== undefined && !(await store.isKnownContact(db, toExternalUserId)))
    return 'unknown_contact'
  const known = new Set(await store.pageOrdersOf(db, phoneHmac))
  return orders.every((orderNo) => known.has(orderNo)) ? null : 'unknown_orders'
}
