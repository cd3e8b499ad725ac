import type { Role } from '../../../shared/api/access.ts'
import { inTransaction } from '../../lib/db.ts'
import { cutPage } from '../../lib/pages.ts'
import type { AccessDeps, By } from './access.deps.ts'
import { isOnlyAdmin, type Officer } from './access.keys.ts'
import * as store from './access.store.ts'

export type GivenRole = { userId: string; role: Role | null; by: By }
export type Changed =
  | { kind: 'changed' | 'same' }
  /** `not_vouched`: WeCom cannot say now whether he works here. */
  | { kind: 'refused'; reason: 'not_here' | 'not_vouched' | 'last_admin' }

export async function findMember(deps: AccessDeps, userId: string): Promise<Officer | null> {
  const found = await store.findRole(deps.db, userId)
  return found ? { kind: 'officer', name: userId, scope: found.role, via: 'member' } : null
}

type Listed = store.MemberRole & { name: string | null }

export async function listRoles(
  deps: AccessDeps,
  { after, limit }: { after: string; limit: number },
): Promise<{ items: Listed[]; next: string | undefined }> {
  const found = await store.pageRoles(deps.db, { after, limit: limit + 1 })
  const { shown, last } = cutPage(found, limit)
  const names = await deps.members.namesOf(shown.map(({ userId }) => userId))
  return {
    items: shown.map((one) => ({ ...one, name: names.get(one.userId) ?? null })),
    next: last?.userId,
  }
}

/** Gives a member a role, or takes it. Only who works here now gets one; the last who may decide everything keeps his. */
export async function changeRole(deps: AccessDeps, given: GivenRole): Promise<Changed> {
  const { userId, role } = given
  const standing = role === null ? 'here' : await deps.members.standingNow(userId)
  if (standing !== 'here')
    return { kind: 'refused', reason: standing === 'left' ? 'not_here' : 'not_vouched' }
  return inTransaction(deps, async (tx) => {
    await store.lockAccess(tx.db)
    const now = tx.clock()
    const before = (await store.findRole(tx.db, userId))?.role ?? null
    if (before === role) return { kind: 'same' }
    if (before === 'admin' && (await isOnlyAdmin(tx, now)))
      return { kind: 'refused', reason: 'last_admin' }
    await write(tx, { ...given, before, now })
    return { kind: 'changed' }
  })
}

/** The operation log says who ended it: nobody among people. */
const LEFT: By = { name: 'member.left', requestId: 'member.left' }

/** Who has left the company has no role any more, whoever he was. */
export const endRole = (deps: AccessDeps, userId: string): Promise<void> =>
  inTransaction(deps, async (tx) => {
    await store.lockAccess(tx.db)
    const before = (await store.findRole(tx.db, userId))?.role
    if (before !== undefined)
      await write(tx, { userId, role: null, before, by: LEFT, now: tx.clock() })
  })

type Tx = Pick<AccessDeps, 'audit' | 'db'>
type Written = GivenRole & { before: Role | null; now: Date }

async function write(tx: Tx, { userId, role, by, before, now }: Written): Promise<void> {
  if (role === null) await store.deleteRole(tx.db, userId)
  else await store.writeRole(tx.db, { userId, role, givenAt: now, givenBy: by.name })
  await tx.audit.record(tx.db, {
    operator: by.name,
    requestId: by.requestId,
    operation: role === null ? 'role.taken' : 'role.given',
    target: { type: 'member', id: userId },
    before: before && { role: before },
    after: role && { role },
    ...(by.reason !== undefined && { reason: by.reason }),
    now,
  })
}
