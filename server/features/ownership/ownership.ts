import { memberKey } from '../../../shared/userid.ts'
import type { Db } from '../../lib/db.ts'
import { compareNames, hasFullName, isSameText } from './names.rules.ts'
import type { OwnershipDeps, OwnershipSettings } from './ownership.deps.ts'
import * as rules from './ownership.rules.ts'
import * as store from './ownership.store.ts'

const DAY_MS = 86_400_000

/** What a look at a number found. */
export type Considered = {
  owner: store.Owner | undefined
  /** Somebody among staff must say whose number it is now: names contradict each other. */
  asksStaff: boolean
}

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
/** Order numbers, and the customers of whom something was taken. */
/** `held`: those that stay and are nobody's until a person says. */
export type Released = { moved: string[]; stay: string[]; held: string[]; losers: number[] }

/**
 * Whose an order is (D19 to D21, docs/spec/ownership.md). Works inside the caller's transaction; whoever calls holds the
 * locks of the numbers concerned (customers.lockNumbers), because parties are written under them alone.
 */
export function createOwnership(deps: OwnershipDeps) {
  return {
    findOwner: store.findOwner,
    isInQuestion: store.isInQuestion,
    /** The parties that a load names; answers the numbers that it named before or names now. */
    replaceParties: (db: Db, projectId: string, wanted: readonly store.Wanted[], now: Date) =>
      replaceParties(db, projectId, wanted, now),
    /** Whether a load says something new of who an order's parties are. */
    isNews: (before: readonly store.Party[], wanted: readonly store.Wanted[]): boolean =>
      before.length !== wanted.length ||
      wanted.some(
        (one) =>
          !before.some(
            (party) =>
              party.phoneHmac.equals(one.phoneHmac) &&
              party.role === one.role &&
              party.name === one.name,
          ),
      ),
    pageOfProject: store.pageOfProject,
    /** The parties of a number. */
    pageOfNumber: (db: Db, phoneHmac: Buffer) =>
      store.pageAround(db, { phoneHmac, customerId: null }),
    /** Runs table A for every party of a number, and table B for what is attached. The same facts give the same end. */
    consider: (db: Db, phoneHmac: Buffer, now: Date) => consider(deps, db, phoneHmac, now),
    /** Runs table B for an order whose dates or stages changed: whose it is does not change by progress. */
    refreshShown: (db: Db, projectId: string, now: Date) => refreshShown(deps, db, projectId, now),
    /** What stays with the former owner of a number, and what does not. */
    release: (db: Db, release: Release) => releaseParties(deps, db, release),
    /** Since when a number is taken to be somebody else's when nobody says. */
    findSince: (db: Db, lost: Lost) => findSince(deps, db, lost),
    /** A person, or the order number, says whose these parties are. */
    settle: store.settle,
    /** A person was asked about these and did not name them: they stay held. */
    holdBack: store.holdBack,
    /** Two customers are one person: what was the one's is the other's. */
    moveHolder: store.moveHolder,
    /** Whether the orders of a number name somebody else than those that are surely the customer's. */
    namesDiffer: (db: Db, of: { customerId: number; phoneHmac: Buffer }) => namesDiffer(db, of),
    pageUndecided: store.pageUndecided,
    pageNumbers: store.pageNumbers,
  }
}
export type Ownership = ReturnType<typeof createOwnership>
export type { Party } from './ownership.store.ts'
export type { PartyRow, ShownRow } from './ownership.rules.ts'

async function replaceParties(
  db: Db,
  projectId: string,
  wanted: readonly store.Wanted[],
  now: Date,
): Promise<void> {
  const before = await store.pageOfProject(db, projectId)
  await store.replaceParties(db, projectId, wanted, now)
  await inheritOwner(db, projectId, before, now)
}

/** The office corrects the number of the same person: what was decided about his order stays decided. */
async function inheritOwner(
  db: Db,
  projectId: string,
  before: readonly store.Party[],
  now: Date,
): Promise<void> {
  const after = await store.pageOfProject(db, projectId)
  const former = before.find((party) => party.role === 'owner')
  const owner = after.find((party) => party.role === 'owner')
  if (!former || !owner || former.phoneHmac.equals(owner.phoneHmac) || former.customerId === null)
    return
  const person = await store.findOwner(db, owner.phoneHmac, now)
  const isSame =
    person?.customerId === former.customerId &&
    compareNames(owner.name, [former.nameThen]) !== 'differs'
  if (isSame && former.state === 'attached') return void (await store.inherit(db, owner.id, former))
  // What was surely somebody's, or is held as his, is not given to another by a number that the office types: it remembers him.
  if (isFirm(former) || former.strength === null)
    await store.reserve(db, [owner.id], former.customerId, now)
}

type Known = {
  names: string[]
  weakNames: (string | null)[]
  living: store.Party[]
  livingStrong: boolean
}

async function namesDiffer(
  db: Db,
  { customerId, phoneHmac }: { customerId: number; phoneHmac: Buffer },
): Promise<boolean> {
  const around = await store.pageAround(db, { phoneHmac, customerId })
  const his = around
    .filter((party) => party.customerId === customerId && isFirm(party))
    .map((party) => party.nameThen)
  const others = around.filter(
    (party) => party.phoneHmac.equals(phoneHmac) && party.customerId === null,
  )
  const matches = others.map((party) => compareNames(party.name, his))
  return matches.includes('differs') && !matches.includes('same')
}

const isFirm = (party: store.Party): boolean =>
  party.settledHow !== null || party.strength === 'strong'
const isHis = (party: store.Party, customerId: number): boolean =>
  party.customerId === customerId && (party.strength !== null || party.settledHow !== null)

function describeOwner(parties: readonly store.Party[], customerId: number): Known {
  const his = parties.filter((party) => isHis(party, customerId))
  const wereHis = parties.filter((party) => party.customerId === customerId)
  const living = his.filter((party) => party.state === 'attached' && rules.isRunning(party))
  return {
    names: his.filter(isFirm).flatMap((party) => party.nameThen ?? []),
    weakNames: wereHis.map((party) => party.nameThen),
    living,
    livingStrong: living.some(isFirm),
  }
}

async function consider(
  deps: OwnershipDeps,
  db: Db,
  phoneHmac: Buffer,
  now: Date,
): Promise<Considered> {
  const owner = await store.findOwner(db, phoneHmac, now)
  const around = await store.pageAround(db, { phoneHmac, customerId: owner?.customerId ?? null })
  const ofNumber = around.filter((party) => party.phoneHmac.equals(phoneHmac))
  if (ofNumber.length === 0) return { owner, asksStaff: false }
  if (await keepFromBefore(deps, db, ofNumber, now)) return consider(deps, db, phoneHmac, now)
  const settings = await deps.settings.read(db)
  const inQuestion = await store.isInQuestion(db, { phoneHmac, contact: owner?.contact ?? null })
  let asksStaff = false
  for (const party of ofNumber) {
    const facts = toFacts({ party, owner, around, inQuestion, settings, now })
    const { row, outcome } = rules.decideParty(facts)
    const firstAt = await findFirst(db, party, owner)
    const decision = toDecision({ party, owner, firstAt, settings, now }, row, outcome)
    asksStaff ||= outcome.state === 'held' && outcome.ask === 'staff'
    if (!isNews(party, decision)) continue
    await store.writeDecision(db, party.id, decision, now)
    remember(party, decision)
  }
  return { owner, asksStaff }
}

/**
 * Loads from before the table: whoever had been given another number, or lost this one, kept what had been loaded for him.
 * Whatever looks at the number first finds that, or it would hold them as somebody else's. Answers whether there were any.
 */
async function keepFromBefore(
  deps: OwnershipDeps,
  db: Db,
  ofNumber: readonly store.Party[],
  now: Date,
): Promise<boolean> {
  let found = false
  for (const party of ofNumber) {
    const { customerId, phoneHmac, decidedRow } = party
    const loser =
      decidedRow !== null || customerId === null
        ? undefined
        : await store.findLoser(db, { customerId, phoneHmac })
    if (loser === undefined) continue
    await keepFor(deps, db, party, { customerId: loser, by: 'carried over', now })
    found = true
  }
  return found
}

/** The parties behind it are decided by what was just learned. */
function remember(party: store.Party, { row, staysSettled, ...decision }: store.Decision): void {
  Object.assign(
    party,
    decision,
    { decidedRow: row },
    !staysSettled && { settledHow: null, confirmedAt: null },
  )
}

/** What stays with a former owner is looked at as in his time. */
const findFirst = async (
  db: Db,
  party: store.Party,
  owner: store.Owner | undefined,
): Promise<Date | null> =>
  party.settledHow === 'hand_over' && party.customerId !== null
    ? store.findFirstProof(db, { customerId: party.customerId, phoneHmac: party.phoneHmac })
    : (owner?.firstAt ?? null)

type Look = {
  party: store.Party
  owner: store.Owner | undefined
  firstAt: Date | null
  settings: OwnershipSettings
  now: Date
}

function toFacts({
  party,
  owner,
  around,
  inQuestion,
  settings,
  now,
}: Omit<Look, 'firstAt'> & {
  around: readonly store.Party[]
  inQuestion: boolean
}): rules.PartyFacts {
  const others = around.filter((one) => one !== party)
  const ofNumber = others.filter(
    (one) => one.phoneHmac.equals(party.phoneHmac) && one.customerId !== owner?.customerId,
  )
  const known = owner
    ? describeOwner(others, owner.customerId)
    : { names: [], weakNames: [], living: [], livingStrong: false }
  // What it was attached by once speaks against another name for as long as nobody says that both are one.
  const weak =
    owner && party.customerId === owner.customerId
      ? [...known.weakNames, party.nameThen]
      : known.weakNames
  // What was loaded before the table was built is looked at as on the day on which it began.
  const at =
    party.decidedRow === null && owner
      ? new Date(Math.max(party.beganAt.getTime(), owner.provenAt.getTime()))
      : now
  const holder =
    party.customerId === null
      ? 'nobody'
      : party.customerId === owner?.customerId
        ? 'owner'
        : 'another'
  return {
    holder,
    settled: party.settledHow !== null,
    strength: party.strength,
    hasOwner: owner !== undefined,
    isNamedAsThen: isNamedAsThen(party, known.names),
    isInQuestion: inQuestion,
    beganAfterProof: owner !== undefined && rules.isAfterProof(party.beganAt, owner.provenAt),
    name: isFormersName(party, ofNumber, known.names)
      ? 'differs'
      : matchName(party.name, known.names, weak),
    isFirstNamed: isFirstNamed(party, others, owner),
    beganFromAddMs: owner ? Math.abs(party.beganAt.getTime() - owner.addedAt.getTime()) : Infinity,
    beganBeforeAddMs: owner ? owner.addedAt.getTime() - party.beganAt.getTime() : Infinity,
    ageMs: owner ? at.getTime() - owner.provenAt.getTime() : Infinity,
    hasLivingStrong: known.livingStrong,
    hasLivingOfMember: known.living.some(
      (one) => isRecent(one, at) && haveMemberInCommon(one, party),
    ),
    freshMs: settings.freshDays * DAY_MS,
  }
}

/** A name that comes later to an order a person has settled is news only when it is somebody else's. */
function isNamedAsThen(
  { name, nameThen, settledHow }: store.Party,
  known: readonly string[],
): boolean {
  if (isSameText(name, nameThen)) return true
  return settledHow !== null && !hasFullName(nameThen) && compareNames(name, known) !== 'differs'
}

/** Names of orders that are not surely his make him known to nobody, but what stands against them is a contradiction all the same. */
function matchName(
  name: string | null,
  known: readonly (string | null)[],
  weak: readonly (string | null)[],
): 'same' | 'differs' | 'nothing' {
  const match = compareNames(name, known)
  return match === 'nothing' && compareNames(name, weak) === 'differs' ? 'differs' : match
}

/** Whom an order of this number that is somebody else's names is not the owner, unless he is known by that name as well. */
function isFormersName(
  { name, customerId }: store.Party,
  ofNumber: readonly store.Party[],
  known: readonly string[],
): boolean {
  const formers = ofNumber.filter((one) => one.customerId !== null && one.customerId !== customerId)
  return (
    compareNames(name, known) !== 'same' &&
    compareNames(
      name,
      formers.flatMap((one) => [one.name, one.nameThen]),
    ) === 'same'
  )
}

/** Of two names on one number none is the first: which of them is the owner, nobody knows. */
function isFirstNamed(
  party: store.Party,
  others: readonly store.Party[],
  owner: store.Owner | undefined,
): boolean {
  if (!owner || !hasFullName(party.name)) return false
  const rivals = others.filter(
    (one) =>
      one.phoneHmac.equals(party.phoneHmac) &&
      (one.customerId === null || one.customerId === owner.customerId),
  )
  return (
    rivals.every((one) => compareNames(one.name, [party.name]) !== 'differs') &&
    rivals.every((one) => !hasFullName(one.name) || isBefore(party, one))
  )
}

const isBefore = (one: store.Party, other: store.Party): boolean =>
  one.beganAt < other.beganAt ||
  (one.beganAt.getTime() === other.beganAt.getTime() && one.id < other.id)

const isRecent = ({ beganAt }: store.Party, at: Date): boolean =>
  at.getTime() - beganAt.getTime() <= rules.TIMES.recentMs

/** Userids compare without regard to case (D27). */
function haveMemberInCommon(one: store.Party, other: store.Party): boolean {
  const membersOf = ({ designer, projectManager }: store.Party): string[] =>
    [designer, projectManager].flatMap((id) => (id === null ? [] : memberKey(id)))
  return membersOf(one).some((id) => membersOf(other).includes(id))
}

function toDecision(look: Look, row: rules.PartyRow, outcome: rules.PartyOutcome): store.Decision {
  const { party, owner } = look
  const { customerId, strength, nameThen } = party
  switch (outcome.state) {
    case 'stays':
      return {
        customerId,
        strength,
        nameThen: hasFullName(nameThen) ? nameThen : party.name,
        row,
        ...showStaying(look),
        staysSettled: true,
      }
    case 'waiting':
      return {
        state: 'waiting',
        customerId,
        strength,
        nameThen,
        row,
        shown: false,
        shownRow: party.shownRow,
        staysSettled: false,
      }
    case 'held':
      // A hand-over must know what had been his when the number came into question.
      return {
        state: 'held',
        customerId,
        strength: null,
        nameThen,
        row,
        shown: false,
        shownRow: row === IN_QUESTION ? party.shownRow : null,
        staysSettled: false,
      }
    case 'attached': {
      const anew = {
        ...party,
        confirmedAt: null,
        shownRow: customerId === owner!.customerId ? party.shownRow : null,
      }
      return {
        state: 'attached',
        customerId: owner!.customerId,
        strength: outcome.strength,
        nameThen: party.name,
        row,
        ...show({ ...look, party: anew }, outcome.strength),
        staysSettled: false,
      }
    }
  }
}

const IN_QUESTION: rules.PartyRow = 'the number is in question'

/** What was attached, and is again. */
function showStaying(look: Look): Pick<store.Decision, 'state' | 'shown' | 'shownRow'> {
  const { party } = look
  const state = party.settledHow !== null ? party.state : 'attached'
  if (state !== 'attached' || party.strength === null)
    return { state, shown: false, shownRow: party.shownRow }
  return { state, ...show(look, party.strength) }
}

function show(
  { party, firstAt, settings, now }: Omit<Look, 'owner'>,
  strength: rules.Strength,
): Pick<store.Decision, 'shown' | 'shownRow'> {
  const { shown, row } = rules.decideShown({
    isConfirmed: party.confirmedAt !== null,
    firstAt,
    strength,
    happenedAt: [...party.happenedAt, ...(party.signedAt ? [party.signedAt] : [])],
    isRunning: rules.isRunning(party),
    ranWhileHis: rules.ranWhileShown(party.shownRow),
    isImported: party.imported,
    createdAt: party.createdAt,
    freshMs: settings.freshDays * DAY_MS,
    now,
  })
  return { shown, shownRow: row }
}

const isNews = (party: store.Party, decision: store.Decision): boolean =>
  party.decidedRow !== decision.row ||
  party.state !== decision.state ||
  party.customerId !== decision.customerId ||
  party.strength !== decision.strength ||
  party.nameThen !== decision.nameThen ||
  party.shown !== decision.shown ||
  party.shownRow !== decision.shownRow

async function refreshShown(
  deps: OwnershipDeps,
  db: Db,
  projectId: string,
  now: Date,
): Promise<void> {
  const settings = await deps.settings.read(db)
  for (const party of await store.pageOfProject(db, projectId)) {
    if (party.state !== 'attached') continue
    const firstAt = await findFirst(db, party, await store.findOwner(db, party.phoneHmac, now))
    await store.writeShown(db, party.id, show({ party, firstAt, settings, now }, party.strength!))
  }
}

async function releaseParties(
  deps: OwnershipDeps,
  db: Db,
  { phoneHmac, from, since, orders, leftOut, by, now }: Release,
): Promise<Released> {
  const fates = (await store.pageAround(db, { phoneHmac, customerId: null })).map((party) => ({
    party,
    fate: rules.decideHandOver(
      {
        strength: strengthThen(party),
        isSettled: party.settledHow !== null && party.state === 'attached',
        beganAt: party.beganAt,
        isNamed: orders.includes(party.orderNo),
        isLeftOut: leftOut.includes(party.orderNo),
        holder:
          party.customerId === null ? 'nobody' : party.customerId === from ? 'former' : 'another',
      },
      since,
    ),
  }))
  const of = (wanted: (typeof fates)[number]['fate']): store.Party[] =>
    fates.filter(({ fate }) => fate === wanted).map(({ party }) => party)
  await store.clear(
    db,
    of('moves').map(({ id }) => id),
  )
  await store.reserve(
    db,
    of('reserved').map(({ id }) => id),
    from,
    now,
  )
  for (const party of of('stays').filter((one) => one.settledHow === null)) {
    await keepFor(deps, db, party, { customerId: from, by, now })
  }
  return {
    moved: orderNosOf(of('moves')),
    stay: orderNosOf([...of('stays'), ...of('reserved')]),
    held: orderNosOf(of('reserved')),
    losers: [...new Set(of('moves').flatMap(({ customerId }) => customerId ?? []))],
  }
}

const orderNosOf = (parties: readonly store.Party[]): string[] =>
  parties.map(({ orderNo }) => orderNo)

/** A question holds what was attached to him until it came up. */
const strengthThen = (party: store.Party): rules.Strength | null =>
  party.strength ?? (party.decidedRow === IN_QUESTION && party.shownRow !== null ? 'weak' : null)

/** An order stays with whoever had the number when it was loaded for him. */
async function keepFor(
  deps: OwnershipDeps,
  db: Db,
  party: store.Party,
  { customerId, by, now }: { customerId: number; by: string; now: Date },
): Promise<void> {
  const strength = strengthThen(party) ?? 'weak'
  await store.settle(db, [party.id], {
    customerId,
    strength,
    how: 'hand_over',
    by,
    confirmed: false,
    now,
  })
  const firstAt = await store.findFirstProof(db, { customerId, phoneHmac: party.phoneHmac })
  await store.writeShown(
    db,
    party.id,
    show({ party, firstAt, settings: await deps.settings.read(db), now }, strength),
  )
}

/** Whose number it was last, and since when nothing is known to be his: his last proof, or the end of it. */
type Lost = {
  phoneHmac: Buffer
  customerId: number
  at: Date
  isProven: boolean
  isDoubted: boolean
}

async function findSince(
  deps: OwnershipDeps,
  db: Db,
  { phoneHmac, customerId, at, isProven, isDoubted }: Lost,
): Promise<Date> {
  const { freshDays } = await deps.settings.read(db)
  const his = (await store.pageAround(db, { phoneHmac, customerId: null })).filter(
    (party) => isHis(party, customerId) && isFirm(party),
  )
  const lastingMs =
    (isProven ? rules.TIMES.addPrecisionMs : 0) + (isDoubted ? 0 : freshDays * DAY_MS)
  return rules.findSince({ provenAt: at, surelyHis: his.map((party) => party.beganAt), lastingMs })
}
