import type { PartyState, Strength } from './ownership.rules.ts'

/** Who has a number now, and since when that is known; undefined: nobody has a live proof of it. */
export type Owner = {
  customerId: number
  contact: string | null
  /** The earliest add by this number, or word of an admin, since a person last said that it is no longer his. */
  firstAt: Date | null
  /** The latest add that still counts, or word of an admin. */
  addedAt: Date
  /** The same, or a later answer. */
  provenAt: Date
}

/** An order as a number stands in it, and whose it was decided to be. */
export type Party = {
  id: number
  projectId: string
  orderNo: string
  title: string
  phoneHmac: Buffer
  role: string
  customerId: number | null
  name: string | null
  nameThen: string | null
  state: PartyState
  strength: Strength | null
  decidedRow: string | null
  settledHow: string | null
  confirmedAt: Date | null
  shown: boolean
  /** A person has hidden the order: whose it is goes on, but nobody is asked. */
  hidden: boolean
  shownRow: string | null
  beganAt: Date
  statusKind: 'running' | 'finished' | 'unknown'
  designer: string | null
  projectManager: string | null
  imported: boolean
  createdAt: Date
  signedAt: Date | null
  happenedAt: Date[]
  hasActiveStage: boolean
}

/** A party as a load names it. */
export type Wanted = { phoneHmac: Buffer; role: string; name: string | null }

export const isFirm = (party: Party): boolean =>
  party.settledHow !== null || party.strength === 'strong'

export const isHis = (party: Party, customerId: number): boolean =>
  party.customerId === customerId && (party.strength !== null || party.settledHow !== null)

/** It stayed with a former owner of the number of whom nothing is kept any more: it is nobody's else. */
export const isOfErased = ({ customerId, settledHow }: Party): boolean =>
  customerId === null && settledHow === 'hand_over'

/** Whether a load says something new of who an order's parties are. */
export const isNews = (before: readonly Party[], wanted: readonly Wanted[]): boolean =>
  before.length !== wanted.length ||
  wanted.some(
    (one) =>
      !before.some(
        (party) =>
          party.phoneHmac.equals(one.phoneHmac) &&
          party.role === one.role &&
          party.name === one.name,
      ),
  )
