import { decideParty } from './ownership.rules.ts'
import type { Tx } from './ownership.deps.ts'
import * as store from './ownership.store.ts'
import type { Owner, Party } from './parties.rules.ts'
import {
  isDecidedAnew,
  show,
  strengthThen,
  toDecision,
  type Decision,
} from './party-decision.rules.ts'
import { toFacts } from './party-facts.rules.ts'
import * as proofs from './proofs.store.ts'

const DAY_MS = 86_400_000

/** What a look at a number found. */
export type Considered = {
  owner: Owner | undefined
  /** Somebody among staff must say whose number it is now: names contradict each other. */
  asksStaff: boolean
}
type Look = { phoneHmac: Buffer; now: Date }

/** Runs table A for every party of a number, and table B for what is attached. */
export async function consider(tx: Tx, look: Look): Promise<Considered> {
  const { phoneHmac, now } = look
  const owner = await proofs.findOwner(tx.db, look)
  const formers = owner
    ? await proofs.pageFormers(tx.db, { phoneHmac, customerId: owner.customerId })
    : []
  const customerIds = [...(owner ? [owner.customerId] : []), ...formers]
  const around = await store.pageAround(tx.db, { phoneHmac, customerIds })
  const ofNumber = around.filter((party) => party.phoneHmac.equals(phoneHmac))
  if (ofNumber.length === 0) return { owner, asksStaff: false }
  if (await keepFromBefore(tx, { ofNumber, now })) return consider(tx, look)
  const freshMs = await readFreshMs(tx)
  const inQuestion = await proofs.isInQuestion(tx.db, {
    phoneHmac,
    contact: owner?.contact ?? null,
  })
  let asksStaff = false
  for (const party of ofNumber) {
    const asks = await decide(tx, { party, owner, formers, around, inQuestion, freshMs, now })
    asksStaff ||= asks
  }
  return { owner, asksStaff }
}

/** Answers whether staff must be asked. */
async function decide(tx: Tx, look: Parameters<typeof toFacts>[0]): Promise<boolean> {
  const { party, owner, now } = look
  const decided = decideParty(toFacts(look))
  const firstAt = await findFirst(tx, party, owner)
  const decision = toDecision({ ...look, firstAt }, decided)
  if (isDecidedAnew(party, decision)) {
    await store.writeDecision(tx.db, { ...decision, id: party.id, now })
    remember(party, decision)
  }
  return !party.hidden && decided.outcome.state === 'held' && decided.outcome.ask === 'staff'
}

/** The parties behind it are decided by what was just learned. */
function remember(party: Party, { row, staysSettled, ...decision }: Decision): void {
  Object.assign(
    party,
    decision,
    { decidedRow: row },
    !staysSettled && { settledHow: null, confirmedAt: null },
  )
}

/**
 * Loads from before the table: whoever had been given another number, or lost this one, kept what had been loaded for him.
 * Whatever looks at the number first finds that, or it would hold them as somebody else's. Answers whether there were any.
 */
async function keepFromBefore(
  tx: Tx,
  { ofNumber, now }: { ofNumber: readonly Party[]; now: Date },
): Promise<boolean> {
  let found = false
  for (const party of ofNumber) {
    const { customerId, phoneHmac, decidedRow } = party
    const loser =
      decidedRow !== null || customerId === null
        ? undefined
        : await proofs.findLoser(tx.db, { customerId, phoneHmac })
    if (loser === undefined) continue
    await keepFor(tx, { party, customerId: loser, by: 'carried over', now })
    found = true
  }
  return found
}

/** What stays with a former owner is looked at as in his time. */
const findFirst = async (tx: Tx, party: Party, owner: Owner | undefined): Promise<Date | null> =>
  party.settledHow === 'hand_over' && party.customerId !== null
    ? proofs.findFirstProof(tx.db, { customerId: party.customerId, phoneHmac: party.phoneHmac })
    : (owner?.firstAt ?? null)

/** Runs table B for an order whose dates or stages changed: whose it is does not change by progress. */
export async function refreshShown(
  tx: Tx,
  { projectId, now }: { projectId: string; now: Date },
): Promise<void> {
  const freshMs = await readFreshMs(tx)
  for (const party of await store.pageOfProject(tx.db, projectId)) {
    if (party.state !== 'attached') continue
    const { id, phoneHmac } = party
    const owner = await proofs.findOwner(tx.db, { phoneHmac, now })
    const firstAt = await findFirst(tx, party, owner)
    const shown = show({ party, firstAt, freshMs, now, strength: party.strength! })
    await store.writeShown(tx.db, { ...shown, id })
  }
}

type Keeping = { party: Party; customerId: number; by: string; now: Date }

/** An order stays with whoever had the number when it was loaded for him. */
export async function keepFor(tx: Tx, { party, customerId, by, now }: Keeping): Promise<void> {
  const { id, phoneHmac } = party
  const strength = strengthThen(party) ?? 'weak'
  await store.settle(tx.db, {
    ids: [id],
    customerId,
    strength,
    how: 'hand_over',
    by,
    confirmed: false,
    now,
  })
  const firstAt = await proofs.findFirstProof(tx.db, { customerId, phoneHmac })
  const freshMs = await readFreshMs(tx)
  await store.writeShown(tx.db, { ...show({ party, firstAt, freshMs, now, strength }), id })
}

/** How long the number of a new owner cannot be anybody else's. */
export const readFreshMs = async (tx: Tx): Promise<number> =>
  (await tx.settings.read(tx.db)).freshDays * DAY_MS
