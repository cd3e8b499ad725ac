import type { Contact, Follow } from '../../outside/wecom/contacts.entries.ts'

export const DAY = 86_400_000
/** Carriers keep a number that was given up out of use for about three months. */
export const REST = 90 * DAY

/** People of one household use a number one after the other, and an order of one is the other's as well. */
export type Human = {
  index: number
  name: string
  household: number
  contact: string
  accountId: number
}
export type Holding = { household: number; from: number; until: number | null }
/** `linked`: whose WeChat a search for the number finds. */
export type Number_ = { phone: string; history: Holding[]; linked: Human | null }
export type Order = {
  orderNo: string
  /** Whose it is. */
  household: number
  viewers: Human[]
  phone: string
  name: string | null | undefined
  viewerBodies: object[] | undefined
  more: object
  /** The office wrote somebody else's number. */
  isMisnumbered: boolean
  loadedAt: number
  signedAt: number
}

/** What is so, whatever the system knows of it. */
export function createTruth(phones: readonly string[], humans: readonly Human[], start: number) {
  const numbers: Number_[] = phones.map((phone) => ({ phone, history: [], linked: null }))
  const follows = new Map<string, Follow[]>()
  const orders: Order[] = []
  let now = start
  const holdingOf = (number: Number_): Holding | undefined =>
    number.history.find((one) => one.until === null)
  return {
    numbers,
    humans,
    orders,
    follows,
    now: () => now,
    wait: (ms: number): void => void (now += ms),
    holdingOf,
    numberOf: (phone: string): Number_ => numbers.find((one) => one.phone === phone)!,
    /** The number that somebody has now. */
    ownOf: (human: Human): Number_ | undefined =>
      numbers.find((one) => holdingOf(one)?.household === human.household),
    isFree: (number: Number_): boolean =>
      number.history.every(({ until }) => until !== null && now - until >= REST),
    take: (number: Number_, human: Human): void => {
      number.history.push({ household: human.household, from: now, until: null })
      number.linked = human
    },
    giveUp: (number: Number_): void => void (holdingOf(number)!.until = now),
    householdOf: (household: number): Human[] =>
      humans.filter((human) => human.household === household),
    mayRead: (human: Human, order: Order): boolean =>
      order.isMisnumbered ||
      [order.household, ...order.viewers.map(({ household }) => household)].includes(
        human.household,
      ),
    findContact: (externalUserId: string): Contact | null => {
      const human = humans.find((one) => one.contact === externalUserId)
      const mine = follows.get(externalUserId) ?? []
      if (!human || mine.length === 0) return null
      return {
        externalUserId,
        name: `昵称${String(human.index)}`,
        type: 1,
        unionid: `union-${externalUserId}`,
        follows: structuredClone(mine),
      }
    },
  }
}
export type Truth = ReturnType<typeof createTruth>
