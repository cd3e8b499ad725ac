import { expect, test } from '@jest/globals'
import type { WhyCode } from '../../../shared/api/why.ts'
import { findPhoneProof, type FollowFacts, type NoProof, type PhoneProof, type ReviewReason } from '../customers/phone.rules.ts'
import { decideParty, decideShown, type PartyFacts, type PartyRow, type ShownFacts, type ShownRow } from '../ownership/ownership.rules.ts'
import { findWhy, findWhyOfAccount, isLive, toStated, type Claim, type WhyFacts } from './why.rules.ts'

/** Bound, found by his number, with an order. */
const WELL: WhyFacts = {
  tied: true,
  mayQuery: true,
  suspended: false,
  ended: false,
  followed: true,
  proofs: [],
  proven: true,
  inQuestion: false,
  phoneStated: false,
  shownOrders: 1,
  heldOrders: 0,
}
const UNPROVEN = { mayQuery: false, proven: false }

test.each<[string, Partial<WhyFacts>, WhyCode]>([
  ['all is well', {}, 'may_query'],
  ['he may, and has no order', { shownOrders: 0 }, 'no_order'],
  ['he may, and his orders are held', { shownOrders: 0, heldOrders: 2 }, 'order_held'],
  ['one is shown and one is held', { heldOrders: 1 }, 'may_query'],
  ['his permission rests', { suspended: true, mayQuery: false }, 'suspended'],
  ['an order waits for somebody to add him', { ...UNPROVEN, tied: false, followed: false }, 'not_added'],
  ['he is bound and has stated no phone', { ...UNPROVEN, followed: false }, 'no_phone_stated'],
  ['he is bound and has stated one', { ...UNPROVEN, followed: false, phoneStated: true }, 'not_added'],
  ['he was added by a QR code', { ...UNPROVEN, proofs: [{ kind: 'none', reason: 'not_phone_search' }] }, 'added_otherwise'],
  ['he is a colleague of another company', { ...UNPROVEN, proofs: [{ kind: 'none', reason: 'not_a_wechat_user' }] }, 'added_otherwise'],
  ['he searched the member', { ...UNPROVEN, proofs: [{ kind: 'none', reason: 'customer_searched' }] }, 'customer_searched'],
  ['nobody noted the number', { ...UNPROVEN, proofs: [{ kind: 'none', reason: 'no_phone' }] }, 'phone_missing'],
  ['two numbers are noted', { ...UNPROVEN, proofs: [{ kind: 'review', reason: 'several_phones' }] }, 'phone_in_question'],
  ['the number changed hands', { ...UNPROVEN, proofs: [{ kind: 'none', reason: 'number_changed_hands' }] }, 'phone_in_question'],
  ['a question about him is open', { ...UNPROVEN, inQuestion: true }, 'phone_in_question'],
  ['of two members one added him otherwise and one noted nothing', { ...UNPROVEN, proofs: [{ kind: 'none', reason: 'not_phone_search' }, { kind: 'none', reason: 'no_phone' }] }, 'phone_missing'],
  ['his number is proven and he has not come', { mayQuery: false, tied: false }, 'not_bound'],
  ['his number is proven and his binding was ended', { mayQuery: false, tied: false, ended: true }, 'ended'],
  ['his number is proven and he is bound, and still it is not enough', { mayQuery: false }, 'phone_in_question'],
])('%s', (_, facts, code) => expect(findWhy({ ...WELL, ...facts })).toBe(code))

const now = new Date('2026-03-02T01:05:00Z')
const hoursOff = (hours: number): Date => new Date(now.getTime() + hours * 3_600_000)

test.each<[string, Claim | null, ReturnType<typeof toStated>]>([
  ['nothing', null, 'none'],
  ['one that waits', { status: 'waiting', expiresAt: hoursOff(48) }, { until: '3月4日 09:05' }],
  ['one whose time is over in this moment', { status: 'waiting', expiresAt: now }, 'over'],
  ['one that was ended when its time was over', { status: 'expired', expiresAt: hoursOff(-48) }, 'over'],
  ['one that ran out a week ago', { status: 'expired', expiresAt: hoursOff(-168) }, 'none'],
  ['one that was ended before its time', { status: 'expired', expiresAt: hoursOff(1) }, 'none'],
  ['one that came true', { status: 'bound', expiresAt: hoursOff(-1) }, 'none'],
])('of %s that he has stated he is told %j', (_, claim, stated) => {
  expect(toStated(claim, { now, timeZone: 'Asia/Shanghai' })).toEqual(stated)
  expect(isLive(claim, now)).toBe(typeof stated === 'object')
})

/** Whatever the facts: who may query is never told that he may not, nor the other way round. */
test('the reason and the permission say the same', () => {
  for (const tied of bools)
    for (const mayQuery of bools)
      for (const suspended of bools)
        for (const ended of bools)
          for (const followed of bools)
            for (const proven of bools)
              for (const inQuestion of bools)
                for (const shownOrders of [0, 1]) {
                  if (mayQuery && (suspended || !tied || !proven)) continue // account_access excludes it
                  const code = findWhy({ ...WELL, tied, mayQuery, suspended, ended, followed, proven, inQuestion, shownOrders })
                  expect(['may_query', 'no_order', 'order_held'].includes(code)).toBe(mayQuery)
                }
})

type Axes<Facts> = { [Key in keyof Facts]: readonly Facts[Key][] }
/** Every combination of what may be so. */
const combine = <Facts extends object>(axes: Axes<Facts>): Facts[] =>
  (Object.entries(axes) as [keyof Facts, Facts[keyof Facts][]][]).reduce<Facts[]>(
    (rows, [key, values]) => rows.flatMap((row) => values.map((value) => ({ ...row, [key]: value }))), [{} as Facts])
const bools = [true, false] as const

/** What people read of each outcome of the table about phones; the types keep a row from being left out. */
const OF_PHONES: Record<NoProof | ReviewReason, WhyCode> = {
  not_phone_search: 'added_otherwise', not_a_wechat_user: 'added_otherwise', customer_searched: 'customer_searched', no_phone: 'phone_missing',
  number_changed_hands: 'phone_in_question', several_phones: 'phone_in_question', phone_seen_late: 'phone_in_question', phone_changed: 'phone_in_question',
  members_disagree: 'phone_in_question', claim_differs: 'phone_in_question',
}

test('every row of the table about phones is explained as what it is', () => {
  const [one, other] = ['13800138000', '13900139000'] as const
  const seen = new Set<string>()
  for (const facts of combine<FollowFacts>({
    contactType: [1, 2], userId: ['zhangsan'], addWay: [1, 2], operUserId: ['zhangsan', 'wmCustomer'],
    remarkMobiles: [[], [one], [one, other]], firstMobiles: [null, [one], [other]],
    mobilesSeenAt: [null, new Date('2026-01-01T01:00:00Z'), new Date('2026-01-03')], followedAt: [new Date('2026-01-01')],
    fromBeforeGoLive: bools, contradictsMember: bools, claimedByAccounts: [[], [other]], provenPhones: [[], [one]], deniedPhones: [[], [one]], confirmedPhone: [null, one],
  })) {
    const proof: PhoneProof = findPhoneProof(facts)
    seen.add(proof.kind === 'proven' ? 'proven' : proof.reason)
    const code = findWhy({ ...WELL, ...UNPROVEN, proofs: [proof] })
    expect(code).toBe(proof.kind === 'proven' ? 'phone_in_question' : OF_PHONES[proof.reason])
  }
  expect([...seen].toSorted()).toEqual([...Object.keys(OF_PHONES), 'proven'].toSorted())
})

const A_ROWS: Record<PartyRow, true> = {
  'settled before': true, 'nobody has proven the number': true, 'the number is in question': true, "it was somebody else's": true, 'attached before': true,
  'names differ': true, 'the first named order of a new owner': true, 'same name, lately proven or an order that runs': true, 'same name, proven long ago': true,
  'nothing tells, just proven': true, 'nothing tells, an order that runs with the same member': true, 'nothing tells': true,
}
const B_ROWS: Record<ShownRow, true> = {
  confirmed: true, 'first proof unknown': true, 'something happened since': true, 'no date, runs, loaded since': true, 'no date, ran while his': true, 'may be of another owner': true,
}

/** His one order, if he may query: seen, or something that people must say first. */
test('every row of the tables about orders is explained as what it is', () => {
  const DAY = 86_400_000
  const now = new Date('2026-01-01')
  const shown = combine<ShownFacts>({
    isConfirmed: bools, firstAt: [null, new Date('2025-06-01')], strength: ['weak', 'strong'], happenedAt: [[], [new Date('2020-01-01')], [new Date('2025-07-01')]],
    isRunning: bools, ranWhileHis: bools, isImported: bools, createdAt: [new Date('2020-01-01'), new Date('2025-07-01')], freshMs: [90 * DAY], now: [now],
  }).map(decideShown)
  const parties = combine<PartyFacts>({
    holder: ['nobody', 'owner', 'another'], settled: bools, strength: [null, 'weak', 'strong'], isNamedAsThen: bools, hasOwner: bools, isInQuestion: bools,
    beganAfterProof: bools, name: ['same', 'differs', 'nothing'], isFirstNamed: bools, beganFromAddMs: [0, 400 * DAY], beganBeforeAddMs: [0, 400 * DAY],
    ageMs: [0, 200 * DAY, 400 * DAY], hasLivingStrong: bools, hasLivingOfMember: bools, freshMs: [90 * DAY],
  }).map(decideParty)
  const rows = new Map(parties.map(({ row, outcome }) => [row, outcome.state]))
  expect([...rows.keys()].toSorted()).toEqual(Object.keys(A_ROWS).toSorted())
  expect([...new Set(shown.map(({ row }) => row))].toSorted()).toEqual(Object.keys(B_ROWS).toSorted())
  for (const [row, state] of rows)
    for (const [seenRow, seen] of new Map(shown.map((one) => [one.row, one.shown]))) {
      const isHis = state === 'attached' || state === 'stays'
      const sees = isHis && seen
      const code = findWhy({ ...WELL, shownOrders: sees ? 1 : 0, heldOrders: sees ? 0 : 1 })
      expect([row, seenRow, code]).toEqual([row, seenRow, sees ? 'may_query' : 'order_held'])
    }
})

test('an account is told the same of its customer, and of what is held nothing', () => {
  for (const { shownOrders, heldOrders } of combine<Pick<WhyFacts, 'shownOrders' | 'heldOrders'>>({ shownOrders: [0, 1], heldOrders: [0, 1] })) {
    const code = findWhy({ ...WELL, shownOrders, heldOrders })
    expect(findWhyOfAccount({ mayQuery: true, sees: shownOrders > 0, ended: false })).toBe(code === 'order_held' ? 'no_order' : code)
  }
  expect([true, false].map((ended) => findWhyOfAccount({ mayQuery: false, sees: true, ended }))).toEqual(['ended', 'not_bound'])
})
