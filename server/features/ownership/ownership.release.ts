import { keepFor, readFreshMs } from './ownership.consider.ts'
import type { Tx } from './ownership.deps.ts'
import * as rules from './ownership.rules.ts'
import * as store from './ownership.store.ts'
import { isFirm, isHis, isOfErased, type Party } from './parties.rules.ts'
import { strengthThen } from './party-decision.rules.ts'

export type Release = {
  phoneHmac: Buffer
  /** The customer who had the number. */
  from: number
  since: Date
  /** Order numbers that go over whatever was decided about them. */
  orders: readonly string[]
  /** Order numbers that a person was asked about and did not name. */
  leftOut: readonly string[]
  by: string
  now: Date
}
/** Order numbers, and the customers of whom something was taken. `held`: those that stay and are nobody's until a person says. */
export type Released = { moved: string[]; stay: string[]; held: string[]; losers: number[] }

/** What stays with the former owner of a number, and what does not. */
export async function releaseParties(tx: Tx, release: Release): Promise<Released> {
  const { phoneHmac, from, by, now } = release
  const parties = await store.pageAround(tx.db, { phoneHmac, customerIds: [] })
  const fates = parties.map((party) => ({ party, fate: decideFate(party, release) }))
  const of = (wanted: (typeof fates)[number]['fate']): Party[] =>
    fates.filter(({ fate }) => fate === wanted).map(({ party }) => party)
  await store.clear(tx.db, idsOf(of('moves')))
  await store.reserve(tx.db, { ids: idsOf(of('reserved')), customerId: from, now })
  for (const party of of('stays').filter((one) => one.settledHow === null))
    await keepFor(tx, { party, customerId: from, by, now })
  return {
    moved: orderNosOf(of('moves')),
    stay: orderNosOf([...of('stays'), ...of('reserved')]),
    held: orderNosOf(of('reserved')),
    losers: [...new Set(of('moves').flatMap(({ customerId }) => customerId ?? []))],
  }
}

const decideFate = (party: Party, { from, since, orders, leftOut }: Release) =>
  rules.decideHandOver(
    {
      strength: strengthThen(party),
      isSettled: party.settledHow !== null && party.state === 'attached',
      beganAt: party.beganAt,
      isNamed: orders.includes(party.orderNo),
      isLeftOut: leftOut.includes(party.orderNo),
      holder: findHolder(party, from),
    },
    since,
  )

function findHolder(party: Party, from: number): 'nobody' | 'former' | 'another' {
  if (party.customerId === null) return isOfErased(party) ? 'another' : 'nobody'
  return party.customerId === from ? 'former' : 'another'
}

const idsOf = (parties: readonly Party[]): number[] => parties.map(({ id }) => id)

const orderNosOf = (parties: readonly Party[]): string[] => parties.map(({ orderNo }) => orderNo)

/** Whose number it was last, and since when nothing is known to be his: his last proof, or the end of it. */
export type Lost = {
  phoneHmac: Buffer
  customerId: number
  at: Date
  isProven: boolean
  isDoubted: boolean
}

/** Since when a number is taken to be somebody else's when nobody says. */
export async function findSince(
  tx: Tx,
  { phoneHmac, customerId, at, isProven, isDoubted }: Lost,
): Promise<Date> {
  const freshMs = await readFreshMs(tx)
  const his = (await store.pageAround(tx.db, { phoneHmac, customerIds: [] })).filter(
    (party) => isHis(party, customerId) && isFirm(party),
  )
  const lastingMs = (isProven ? rules.TIMES.addPrecisionMs : 0) + (isDoubted ? 0 : freshMs)
  return rules.findSince({ provenAt: at, surelyHis: his.map((party) => party.beganAt), lastingMs })
}
