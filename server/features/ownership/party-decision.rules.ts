import { hasFullName } from './names.rules.ts'
import {
  decideShown,
  isRunning,
  ranWhileShown,
  type PartyOutcome,
  type PartyRow,
  type PartyState,
  type Strength,
} from './ownership.rules.ts'
import type { Owner, Party } from './parties.rules.ts'

export type Decision = {
  state: PartyState
  customerId: number | null
  strength: Strength | null
  nameThen: string | null
  row: string
  shown: boolean
  shownRow: string | null
  /** What a person said of it still holds. */
  staysSettled: boolean
}
export type Shown = Pick<Decision, 'shown' | 'shownRow'>

type Showing = { party: Party; firstAt: Date | null; freshMs: number; now: Date }
type Look = Showing & { owner: Owner | undefined }

export const IN_QUESTION: PartyRow = 'the number is in question'

/** What a row of table A makes of a party, and table B of what is attached. */
export function toDecision(
  look: Look,
  { row, outcome }: { row: PartyRow; outcome: PartyOutcome },
): Decision {
  switch (outcome.state) {
    case 'stays':
      return stay(look, row)
    case 'attached':
      return { ...attach(look, outcome.strength), row }
    case 'waiting':
    case 'held':
      return { ...keepFrom(look.party, outcome.state, row), row }
  }
}

/** What was attached, and is again. */
function stay(look: Look, row: PartyRow): Decision {
  const { party } = look
  const { customerId, strength, nameThen, shownRow } = party
  const state = party.settledHow !== null ? party.state : 'attached'
  const shown =
    state === 'attached' && strength !== null
      ? show({ ...look, strength })
      : { shown: false, shownRow }
  return {
    state,
    customerId,
    strength,
    nameThen: hasFullName(nameThen) ? nameThen : party.name,
    row,
    ...shown,
    staysSettled: true,
  }
}

function attach(look: Look, strength: Strength): Omit<Decision, 'row'> {
  const { party, owner } = look
  const { customerId } = owner!
  const shownRow = party.customerId === customerId ? party.shownRow : null
  return {
    state: 'attached',
    customerId,
    strength,
    nameThen: party.name,
    ...show({ ...look, party: { ...party, confirmedAt: null, shownRow }, strength }),
    staysSettled: false,
  }
}

/** A hand-over must know what had been his when the number came into question. */
function keepFrom(
  { customerId, strength, nameThen, shownRow }: Party,
  state: 'waiting' | 'held',
  row: PartyRow,
): Omit<Decision, 'row'> {
  const isHeld = state === 'held'
  return {
    state,
    customerId,
    strength: isHeld ? null : strength,
    nameThen,
    shown: false,
    shownRow: isHeld && row !== IN_QUESTION ? null : shownRow,
    staysSettled: false,
  }
}

/** Table B. */
export function show({
  party,
  firstAt,
  freshMs,
  now,
  strength,
}: Showing & { strength: Strength }): Shown {
  const { shown, row } = decideShown({
    isConfirmed: party.confirmedAt !== null,
    firstAt,
    strength,
    happenedAt: [...party.happenedAt, ...(party.signedAt ? [party.signedAt] : [])],
    isRunning: isRunning(party),
    ranWhileHis: ranWhileShown(party.shownRow),
    isImported: party.imported,
    createdAt: party.createdAt,
    freshMs,
    now,
  })
  return { shown, shownRow: row }
}

/** Whether anything is otherwise than it was decided before. */
export const isDecidedAnew = (party: Party, decision: Decision): boolean =>
  party.decidedRow !== decision.row ||
  party.state !== decision.state ||
  party.customerId !== decision.customerId ||
  party.strength !== decision.strength ||
  party.nameThen !== decision.nameThen ||
  party.shown !== decision.shown ||
  party.shownRow !== decision.shownRow

/** A question holds what was attached to him until it came up. */
export const strengthThen = (party: Party): Strength | null =>
  party.strength ?? (party.decidedRow === IN_QUESTION && party.shownRow !== null ? 'weak' : null)
