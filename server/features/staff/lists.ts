import type {
  Copied,
  OtherwiseAdded,
  PhoneMissing,
  UnstatedCustomer,
  WaitingCustomer,
} from '../../../shared/api/staff.ts'
import type { Why } from '../../../shared/api/why.ts'
import { maskPhone } from '../../../shared/phone.ts'
import { isSameMember } from '../../../shared/userid.ts'
import { tellQuestion, tellWhy } from '../../../shared/why.ts'
import type { Db } from '../../lib/db.ts'
import type { Members } from '../members/members.ts'
import type { Questions } from '../questions/questions.ts'
import type { Ties } from '../ties/ties.ts'
import { rowOfClaim } from './staff.rules.ts'
import {
  findUnnoted,
  isShownTo,
  tellAdded,
  tellBound,
  tellStated,
  tellWhyOf,
} from './lists.rules.ts'
import * as store from './lists.store.ts'

type Deps = {
  db: Db
  members: Pick<Members, 'namesOf'>
  questions: Pick<Questions, 'offer'>
  ties: Pick<Ties, 'describeWay'>
  /** STAFF_NOTIFY_USERIDS. */
  notifyUserIds: readonly string[]
  clock: () => Date
}

const HOUR_MS = 3_600_000
/** Who copied a phone longer ago than that is not about to add him. */
const COPIED_MS = 24 * HOUR_MS
/** Who was bound longer ago, and has left no phone since, was curious. */
const UNSTATED_MS = 30 * 24 * HOUR_MS
const MOST_LISTED = 500

/** What members see on their page, one function for each group of it; phones masked. */
export function createLists(deps: Deps) {
  return {
    /** 等待添加: who left a phone and is not added yet, one per phone: the member's own first, then who waits longest. */
    listWaiting: (userId: string) => listWaiting(deps, userId),
    /** 已绑定未留手机号: who is bound, and nobody can add him. */
    listUnstated: (userId: string) => listUnstated(deps, userId),
    /** 加的方式不算: bound customers of this member, whom he has added in a way that proves no phone. */
    listOtherwise: (userId: string) => listOtherwise(deps, userId),
    /** 手机号待处理: contacts of this member whose phone is not noted, or not clear. */
    listPhonesMissing: (userId: string) => listPhonesMissing(deps, userId),
    /** The row in which what a message was about stands now: that of a claim may be another's of the same phone. */
    findRow: (row: string) => findRow(deps, row),
  }
}
export type Lists = ReturnType<typeof createLists>

type Listed = {
  row: string
  name: string | null
  order: store.Order | null
  since: Date
  came: string
  why: Why
}

const present = ({ row, name, order, since, came, why }: Listed) => ({
  row,
  since: since.toISOString(),
  came,
  why,
  ...(name !== null && { name }),
  ...(order !== null && { order }),
})

const CLAIM = /^claim-(\d+)$/

async function findRow({ db, clock }: Deps, row: string): Promise<string> {
  const [, id] = CLAIM.exec(row) ?? []
  if (id === undefined) return row
  const shown = await store.findClaimShown(db, { id: Number(id), now: clock() })
  return shown ? rowOfClaim(shown) : row
}

async function listWaiting(deps: Deps, userId: string): Promise<WaitingCustomer[]> {
  const now = deps.clock()
  const waiting = await store.pageWaiting(deps.db, { userId, now })
  const copied = await readLooks(deps, { claimIds: waiting.map(({ id }) => id), userId, now })
  return waiting.map((one) => {
    const { id, phone, app, tied, tiedBy, follow, contested, mine, expiresAt } = one
    const way = tied ? deps.ties.describeWay(tiedBy) : null
    return {
      id,
      ...present({
        ...one,
        row: rowOfClaim(one),
        came: tellStated({ app, way }),
        why: tellWhyOf(follow),
      }),
      phoneMasked: maskPhone(phone),
      expiresAt: expiresAt.toISOString(),
      contested,
      mine,
      copied: copied.get(id) ?? [],
    }
  })
}

/** By claim: who has looked at its phone, by name. */
async function readLooks(
  { db, members }: Deps,
  { claimIds, userId, now }: { claimIds: readonly number[]; userId: string; now: Date },
): Promise<Map<number, Copied[]>> {
  if (claimIds.length === 0) return new Map()
  const since = new Date(now.getTime() - COPIED_MS)
  const looks = await store.pageLooks(db, { claimIds, since })
  const names = await members.namesOf(looks.map((look) => look.userId))
  const copied = new Map<number, Copied[]>()
  for (const { claimId, userId: by, at } of looks) {
    const one = { name: names.get(by) ?? by, at: at.toISOString(), me: isSameMember(by, userId) }
    copied.set(claimId, [...(copied.get(claimId) ?? []), one])
  }
  return copied
}

async function listUnstated(
  { db, ties, notifyUserIds: named, clock }: Deps,
  userId: string,
): Promise<UnstatedCustomer[]> {
  const now = clock()
  const since = new Date(now.getTime() - UNSTATED_MS)
  return (await store.pageUnstated(db, { since, now }))
    .filter(({ responsible }) => isShownTo(userId, { responsible, named }))
    .map(({ id, tiedBy, ...one }) => ({
      id,
      ...present({
        ...one,
        row: `customer-${String(id)}`,
        came: tellBound(ties.describeWay(tiedBy)),
        why: tellWhy('no_phone_stated', 'staff'),
      }),
    }))
}

async function listOtherwise({ db, members }: Deps, userId: string): Promise<OtherwiseAdded[]> {
  const rows = await store.pageOtherwise(db, { userId })
  const names = await members.namesOf(rows.flatMap(({ askedBy }) => askedBy ?? []))
  return rows.map(({ id, follow, askedBy, askedAt, looked, ...one }) => ({
    id,
    ...present({
      ...one,
      row: `customer-${String(id)}`,
      came: tellAdded(follow),
      why: tellWhyOf(follow),
    }),
    ...(askedBy !== null && {
      submitted: {
        state: looked === true ? ('looked' as const) : ('open' as const),
        at: askedAt!.toISOString(),
        name: names.get(askedBy) ?? askedBy,
        me: isSameMember(askedBy, userId),
      },
    }),
  }))
}

async function listPhonesMissing(deps: Deps, userId: string): Promise<PhoneMissing[]> {
  const unnoted = findUnnoted(await store.pagePhoneSearches(deps.db, userId))
    .slice(0, MOST_LISTED)
    .map((one) => {
      const why = tellWhy('phone_missing', 'staff')
      const row = `customer-${String(one.id)}`
      return {
        kind: 'no_phone',
        hint: why.nextStep,
        ...present({ ...one, row, came: SEARCHED, why }),
      }
    })
  const reviews = (await store.pageReviews(deps.db, userId)).map((review) =>
    toMissing(deps, review),
  )
  return [...unnoted, ...reviews]
}

const SEARCHED = '您搜索手机号添加'

function toMissing({ questions }: Deps, review: store.Review): PhoneMissing {
  const { id, kind, follow, remarkMobiles, answered, effectiveAt } = review
  const why = tellQuestion(kind)
  const choices = questions.offer({ reviewId: id, kind, remarkMobiles })
  return {
    kind,
    hint: why.nextStep,
    ...present({ ...review, row: `review-${String(id)}`, came: tellAdded(follow), why }),
    ...(choices.length > 0 && { reviewId: id, choices }),
    ...(answered && {
      answer: { phoneMasked: answered.phoneMasked, effectiveAt: effectiveAt!.toISOString() },
    }),
  }
}
