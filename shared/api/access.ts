import * as v from 'valibot'
import { InstantOut } from './envelope.ts'
import { PageQuery } from './projects.ts'
import { Member, Reason } from './remedies.ts'

export const KeysQuery = v.strictObject(PageQuery.entries)
/** The cursor is the userid of the last role of the page before. */
export const RolesQuery = v.strictObject({
  ...PageQuery.entries,
  cursor: v.optional(Member),
})

/** What people may do of an admin's work: look, act for customers, or decide everything. */
export const Role = v.picklist(['viewer', 'operator', 'admin'], '须为 viewer、operator 或 admin')
export type Role = v.InferOutput<typeof Role>
/** Programs load orders and send messages, and do nothing else. */
export const Scope = v.picklist(
  ['viewer', 'operator', 'admin', 'service'],
  '须为 viewer、operator、admin 或 service',
)
export type Scope = v.InferOutput<typeof Scope>

export const KeyBody = v.strictObject({
  name: v.pipe(v.string(), v.trim(), v.nonEmpty('不能为空'), v.maxLength(60, '最多 60 个字')),
  scope: Scope,
  /** Until it ends; left out: it has no end. */
  days: v.optional(
    v.pipe(
      v.number(),
      v.integer('须为整数'),
      v.minValue(1, '须为 1 到 3650 天'),
      v.maxValue(3_650, '须为 1 到 3650 天'),
    ),
  ),
  reason: v.optional(Reason),
})
export type KeyBody = v.InferOutput<typeof KeyBody>

/** The key is told this once. */
export const MadeKey = v.object({ id: v.number(), key: v.string() })

const Key = v.object({
  id: v.number(),
  name: v.string(),
  scope: Scope,
  createdAt: InstantOut,
  createdBy: v.optional(v.string()),
  expiresAt: v.optional(InstantOut),
  /** To the minute. */
  lastUsedAt: v.optional(InstantOut),
  revokedAt: v.optional(InstantOut),
})
export type Key = v.InferOutput<typeof Key>
export const Keys = v.object({ items: v.array(Key), nextCursor: v.optional(v.string()) })
export const EndedKey = v.object({ revoked: v.literal(true) })
export const Because = v.strictObject({ reason: v.optional(Reason) })

const RoleOfMember = v.object({
  userid: v.string(),
  name: v.optional(v.string()),
  role: Role,
  givenAt: InstantOut,
  givenBy: v.string(),
})
export const Roles = v.object({
  items: v.array(RoleOfMember),
  nextCursor: v.optional(v.string()),
})
export type RoleOfMember = v.InferOutput<typeof RoleOfMember>
export const MemberPath = v.object({ userid: Member })
export const RoleBody = v.strictObject({ role: v.nullable(Role), reason: v.optional(Reason) })
export const GivenRole = v.object({ userid: v.string(), role: v.nullable(Role) })

/** Who is calling; `via`: by a key, or as a member who has signed in. */
export const Officer = v.object({
  name: v.string(),
  scope: Scope,
  via: v.picklist(['key', 'member']),
})
