import type { Change, ProjectBody } from '../../../shared/api/projects.ts'
import { maskPhone } from '../../../shared/phone.ts'
import type { Party } from '../ownership/ownership.ts'
import { compareFields } from './changes.rules.ts'
import type { Tx } from './projects.deps.ts'

/** A party as a load names it; `phone` null: a viewer of before, whom the load leaves as he is. */
type Wanted = { phone: string | null; phoneHmac: Buffer; role: string; name: string | null }

/** Owner first, then viewers; a phone that stands there twice counts as what it is first. Names and viewers that are left out stay. */
export function toWanted({ evidence }: Tx, body: ProjectBody, known: readonly Party[]): Wanted[] {
  const viewers = body.viewers?.map(({ phone, role, name }) => ({
    phone,
    role: role ?? 'viewer',
    name,
  }))
  const named = [
    { phone: body.customerPhone, role: 'owner', name: body.customerName },
    ...(viewers ?? []),
  ].map(({ phone, role, name }) => {
    const phoneHmac = evidence.hashPhone(phone)
    const before =
      known.find((party) => party.phoneHmac.equals(phoneHmac)) ??
      (role === 'owner' ? known.find((party) => party.role === 'owner') : undefined)
    return { phone, phoneHmac, role, name: name === undefined ? (before?.name ?? null) : name }
  })
  const stay =
    viewers === undefined
      ? known
          .filter(({ role }) => role !== 'owner')
          .map(({ phoneHmac, role, name }) => ({ phone: null, phoneHmac, role, name }))
      : []
  const each = new Map<string, Wanted>()
  for (const one of [...named, ...stay])
    if (!each.has(one.phoneHmac.toString('hex'))) each.set(one.phoneHmac.toString('hex'), one)
  return [...each.values()]
}

type Parties = { projectId: string; known: readonly Party[]; wanted: readonly Wanted[]; now: Date }

/**
 * Whose the order is, is decided for every number that it names or named before (table A), and with it what is shown;
 * progress alone decides only that (table B).
 */
export async function writeParties(
  { db, customers, ownership }: Tx,
  { projectId, known, wanted, now }: Parties,
): Promise<void> {
  const phoneHmacs = [...wanted, ...known].map((one) => one.phoneHmac)
  await customers.lockNumbers(db, phoneHmacs)
  for (const { phone } of wanted)
    if (phone !== null) await customers.resolvePhone(db, { phone, now })
  if (ownership.isNews(known, wanted)) {
    await ownership.replaceParties(db, { projectId, wanted, now })
    await customers.considerNumbers(db, { phoneHmacs, now })
  } else await ownership.refreshShown(db, { projectId, now })
}

/** Viewers whom a load names no more, as they may be shown. */
export async function findRemovedViewers(
  { db, customers }: Tx,
  known: readonly Party[],
  wanted: readonly Wanted[],
): Promise<string[]> {
  const gone = known.filter(
    (party) =>
      party.role !== 'owner' && !wanted.some((one) => one.phoneHmac.equals(party.phoneHmac)),
  )
  const names: string[] = []
  for (const { phoneHmac } of gone)
    names.push(`viewers: ${await customers.maskNumber(db, phoneHmac)}`)
  return names
}

/** Whom a load names otherwise than before, phones masked. */
export async function findPartyChanges(
  tx: Tx,
  { known, wanted }: { known: readonly Party[]; wanted: readonly Wanted[] },
): Promise<Change[]> {
  return compareFields(await describeParties(tx, known), await describeParties(tx, wanted))
}

type Described = Pick<Party, 'phoneHmac' | 'role' | 'name'> & { phone?: string | null }

async function describeParties(
  { db, customers }: Tx,
  parties: readonly Described[],
): Promise<object> {
  const described: Record<string, unknown> = {}
  for (const { phone, phoneHmac, role, name } of parties) {
    const masked = phone == null ? await customers.maskNumber(db, phoneHmac) : maskPhone(phone)
    if (role === 'owner') Object.assign(described, { customerPhone: masked, customerName: name })
    else described[`viewers: ${masked}`] = { role, name }
  }
  return described
}
