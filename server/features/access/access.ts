import { changeRole, endRole, findMember, listRoles, type GivenRole } from './access.roles.ts'
import type { AccessDeps } from './access.deps.ts'
import { createKeys } from './access.keys.ts'

/**
 * Who may do an admin's work: keys of people and programs, and members with a role. Keeps `admin_keys` and `member_roles`.
 * Woken by whoever authenticates a request, by admins, by `npm run admin`, and by `member.left`, which ends a role. Tells
 * nobody: what was ended is refused by the next request in every process.
 */
export const createAccess = (deps: AccessDeps) => ({
  ...createKeys(deps),
  /** What a member may do beside his own page; null: nothing. */
  findMember: (userId: string) => findMember(deps, userId),
  /** Members with a role behind a userid, with their names as WeCom told them; `next`: where the page behind begins. */
  listRoles: (page: { after: string; limit: number }) => listRoles(deps, page),
  /** Gives a member a role, or takes it (null). */
  changeRole: (given: GivenRole) => changeRole(deps, given),
  /** A member has left the company. */
  endRole: (userId: string) => endRole(deps, userId),
})
export type Access = ReturnType<typeof createAccess>
export type { By } from './access.deps.ts'
