import { compareNames } from './names.rules.ts'
import type { Tx } from './ownership.deps.ts'
import * as store from './ownership.store.ts'
import { isFirm, type Party, type Wanted } from './parties.rules.ts'
import * as proofs from './proofs.store.ts'

type Loaded = { projectId: string; wanted: readonly Wanted[]; now: Date }

/** The parties that a load names. */
export async function replaceParties(tx: Tx, load: Loaded): Promise<void> {
  const { projectId, now } = load
  const before = await store.pageOfProject(tx.db, projectId)
  await store.replaceParties(tx.db, load)
  await inheritOwner(tx, { projectId, before, now })
}

type Before = { projectId: string; before: readonly Party[]; now: Date }

/** The office corrects the number of the same person: what was decided about his order stays decided. */
async function inheritOwner(tx: Tx, { projectId, before, now }: Before): Promise<void> {
  const former = before.find((party) => party.role === 'owner')
  if (!former || former.customerId === null) return
  const after = await store.pageOfProject(tx.db, projectId)
  const owner = after.find((party) => party.role === 'owner')
  if (!owner || former.phoneHmac.equals(owner.phoneHmac)) return
  // Who stood there as a viewer before is nobody whom the office has just typed: what is decided of him goes on.
  if (before.some(({ id }) => id === owner.id)) return
  const { customerId } = former
  const person = await proofs.findOwner(tx.db, { phoneHmac: owner.phoneHmac, now })
  const isSame =
    person?.customerId === customerId && compareNames(owner.name, [former.nameThen]) !== 'differs'
  if (isSame && former.state === 'attached')
    return void (await store.inherit(tx.db, { ...former, id: owner.id }))
  // What was surely somebody's, or is held as his, is not given to another by a number that the office types: it remembers him.
  if (isFirm(former) || former.strength === null)
    await store.reserve(tx.db, { ids: [owner.id], customerId, now })
}

/** Whether the orders of a number name somebody else than those that are surely the customer's. */
export async function namesDiffer(
  tx: Tx,
  { customerId, phoneHmac }: { customerId: number; phoneHmac: Buffer },
): Promise<boolean> {
  const around = await store.pageAround(tx.db, { phoneHmac, customerIds: [customerId] })
  const his = around
    .filter((party) => party.customerId === customerId && isFirm(party))
    .map((party) => party.nameThen)
  const others = around.filter(
    (party) => party.phoneHmac.equals(phoneHmac) && party.customerId === null,
  )
  const matches = others.map((party) => compareNames(party.name, his))
  return matches.includes('differs') && !matches.includes('same')
}
