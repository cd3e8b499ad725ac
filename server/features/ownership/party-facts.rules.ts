import { memberKey } from '../../../shared/userid.ts'
import { compareNames, hasFullName, isSameText } from './names.rules.ts'
import { isAfterProof, isRunning, TIMES, type PartyFacts } from './ownership.rules.ts'
import { isFirm, isHis, isOfErased, type Owner, type Party } from './parties.rules.ts'

type Look = {
  party: Party
  owner: Owner | undefined
  /** Customers who have, or had, proven the number besides. */
  formers: readonly number[]
  /** The parties of the number, and those of its owner and of the formers by other numbers. */
  around: readonly Party[]
  inQuestion: boolean
  freshMs: number
  now: Date
}

/** What table A looks at. */
export function toFacts(look: Look): PartyFacts {
  const { party, owner, formers, inQuestion, freshMs } = look
  const others = look.around.filter((one) => one !== party)
  const known = describeOwner(others, owner)
  const at = lookedAt(look)
  return {
    holder: findHolder(party, owner),
    settled: party.settledHow !== null,
    strength: party.strength,
    hasOwner: owner !== undefined,
    isNamedAsThen: isNamedAsThen(party, known.names),
    isInQuestion: inQuestion,
    name: compareWith({ party, owner, formers, others, known }),
    isFirstNamed: isFirstNamed({ party, owner, others }),
    ...compareTimes(party, owner),
    ageMs: owner ? at.getTime() - owner.provenAt.getTime() : Infinity,
    hasLivingStrong: known.living.some(isFirm),
    hasLivingOfMember: known.living.some(
      (one) => isRecent(one, at) && haveMemberInCommon(one, party),
    ),
    freshMs,
  }
}

/** What was loaded before the table was built is looked at as on the day on which it began. */
const lookedAt = ({ party, owner, now }: Look): Date =>
  party.decidedRow === null && owner
    ? new Date(Math.max(party.beganAt.getTime(), owner.provenAt.getTime()))
    : now

function findHolder({ customerId }: Party, owner: Owner | undefined): PartyFacts['holder'] {
  if (customerId === null) return 'nobody'
  return customerId === owner?.customerId ? 'owner' : 'another'
}

const compareTimes = ({ beganAt }: Party, owner: Owner | undefined) => ({
  beganAfterProof: owner !== undefined && isAfterProof(beganAt, owner.provenAt),
  beganFromAddMs: owner ? Math.abs(beganAt.getTime() - owner.addedAt.getTime()) : Infinity,
  beganBeforeAddMs: owner ? owner.addedAt.getTime() - beganAt.getTime() : Infinity,
})

type Known = {
  names: string[]
  weakNames: (string | null)[]
  living: Party[]
}

function describeOwner(parties: readonly Party[], owner: Owner | undefined): Known {
  if (!owner) return { names: [], weakNames: [], living: [] }
  const { customerId } = owner
  const his = parties.filter((party) => isHis(party, customerId))
  const wereHis = parties.filter((party) => party.customerId === customerId)
  return {
    names: his.filter(isFirm).flatMap((party) => party.nameThen ?? []),
    weakNames: wereHis.map((party) => party.nameThen),
    living: his.filter((party) => party.state === 'attached' && isRunning(party)),
  }
}

/** A name that comes later to an order a person has settled is news only when it is somebody else's. */
function isNamedAsThen({ name, nameThen, settledHow }: Party, known: readonly string[]): boolean {
  if (isSameText(name, nameThen)) return true
  return settledHow !== null && !hasFullName(nameThen) && compareNames(name, known) !== 'differs'
}

type Among = { party: Party; owner: Owner | undefined; others: readonly Party[] }
type Compared = Among & { formers: readonly number[]; known: Known }

/** Names of orders that are not surely his make him known to nobody, but what stands against them is a contradiction all the same. */
function compareWith({ party, owner, formers, others, known }: Compared) {
  if (isFormersName({ party, owner, formers, others, known })) return 'differs'
  const match = compareNames(party.name, known.names)
  // What it was attached by once speaks against another name for as long as nobody says that both are one.
  const weak =
    owner && party.customerId === owner.customerId
      ? [...known.weakNames, party.nameThen]
      : known.weakNames
  return match === 'nothing' && compareNames(party.name, weak) === 'differs' ? 'differs' : match
}

/**
 * Whom an order of this number that is somebody else's names is not the owner, nor is who had the number and is known by that
 * name elsewhere, unless the owner is known by it as well.
 */
function isFormersName({ party, owner, formers: hadIt, others, known }: Compared): boolean {
  const { name, phoneHmac, customerId } = party
  const isAnothers = (one: Party): boolean =>
    one.customerId === null
      ? isOfErased(one)
      : one.customerId !== owner?.customerId && one.customerId !== customerId
  const formers = others.filter(
    (one) =>
      isAnothers(one) &&
      (one.phoneHmac.equals(phoneHmac) || hadIt.some((former) => former === one.customerId)),
  )
  return (
    compareNames(name, known.names) !== 'same' &&
    compareNames(
      name,
      formers.flatMap((one) => [one.name, one.nameThen]),
    ) === 'same'
  )
}

/** Of two names on one number none is the first: which of them is the owner, nobody knows. */
function isFirstNamed({ party, owner, others }: Among): boolean {
  if (!owner || !hasFullName(party.name)) return false
  const rivals = others.filter(
    (one) =>
      one.phoneHmac.equals(party.phoneHmac) &&
      (one.customerId === null ? !isOfErased(one) : one.customerId === owner.customerId),
  )
  return (
    rivals.every((one) => compareNames(one.name, [party.name]) !== 'differs') &&
    rivals.every((one) => !hasFullName(one.name) || isBefore(party, one))
  )
}

const isBefore = (one: Party, other: Party): boolean =>
  one.beganAt < other.beganAt ||
  (one.beganAt.getTime() === other.beganAt.getTime() && one.id < other.id)

const isRecent = ({ beganAt }: Party, at: Date): boolean =>
  at.getTime() - beganAt.getTime() <= TIMES.recentMs

/** Userids compare without regard to case (D27). */
function haveMemberInCommon(one: Party, other: Party): boolean {
  const membersOf = ({ designer, projectManager }: Party): string[] =>
    [designer, projectManager].flatMap((id) => (id === null ? [] : memberKey(id)))
  return membersOf(one).some((id) => membersOf(other).includes(id))
}
