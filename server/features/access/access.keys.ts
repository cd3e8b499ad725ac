import type { Scope } from '../../../shared/api/access.ts'
import { inTransaction, type Db } from '../../lib/db.ts'
import { toPage } from '../../lib/pages.ts'
import { randomToken, sameText, sha256 } from '../../lib/secrets.ts'
import type { Audit } from '../audit/audit.ts'
import type { By, KeyDeps } from './access.deps.ts'
import * as store from './access.store.ts'

export type Officer = { kind: 'officer'; name: string; scope: Scope; via: 'key' | 'member' }
/** The key was good once: its holder may be told why it is not any more. */
export type EndedKey = { kind: 'refused'; reason: 'expired' | 'revoked' }
type NewKey = { name: string; scope: Scope; expiresAt: Date | null }

const DAY_MS = 86_400_000
const COMMAND_LINE: By = { name: 'npm run admin', requestId: 'npm run admin' }
/** A key that is used all day is not written at each request. */
const USE_NOTED_EVERY_MS = 60_000

/** Keys of people and programs: 256 bit, only hashes kept; ADMIN_KEY of the environment counts while it is set. */
export const createKeys = (deps: KeyDeps) => ({
  /** Who holds this key, and for what; null: there never was such a key. */
  findHolder: (key: string) => findHolder(deps, key),
  /** A new key, told once. */
  createKey: async (key: NewKey, by: By = COMMAND_LINE): Promise<string> =>
    (await issueKey(deps, { ...key, by })).key,
  /** The same, with its number, for so many days or without end. */
  issueKey: ({ days, ...key }: Omit<NewKey, 'expiresAt'> & { days: number | null }, by: By) =>
    issueKey(deps, {
      ...key,
      by,
      expiresAt: days === null ? null : new Date(deps.clock().getTime() + days * DAY_MS),
    }),
  /** Keys that open doors now. */
  listKeys: () => store.pageLiveKeys(deps.db, deps.clock()),
  /** All there ever were, the newest first. */
  listAllKeys: async ({ limit, ...at }: { before: number | null; limit: number }) =>
    toPage(await store.pageKeys(deps.db, { ...at, limit: limit + 1 }), limit),
  /** Ends one key. */
  revokeKey: (id: number, by: By) => revokeKey(deps, { id, by }),
  /** Ends every key of this name; answers how many. */
  revokeKeys: (name: string, by: By = COMMAND_LINE) => revokeKeys(deps, { name, by }),
  /** Whether anybody could act as an admin. */
  hasAdmin: async (): Promise<boolean> =>
    deps.adminKey !== undefined || (await store.countAdmins(deps.db, deps.clock())) > 0,
})

async function findHolder(deps: KeyDeps, key: string): Promise<Officer | EndedKey | null> {
  if (deps.adminKey !== undefined && sameText(key, deps.adminKey))
    return { kind: 'officer', name: 'ADMIN_KEY', scope: 'admin', via: 'key' }
  const found = await store.findKey(deps.db, sha256(key))
  if (!found) return null
  const now = deps.clock()
  const holder = toHolder(found, now)
  const { id, lastUsedAt } = found
  const isNoted = lastUsedAt !== null && now.getTime() - lastUsedAt.getTime() < USE_NOTED_EVERY_MS
  if (holder.kind === 'officer' && !isNoted) await store.noteUse(deps.db, { id, now })
  return holder
}

function toHolder({ name, scope, expiresAt, revokedAt }: store.Key, now: Date): Officer | EndedKey {
  if (revokedAt !== null) return { kind: 'refused', reason: 'revoked' }
  if (expiresAt !== null && expiresAt <= now) return { kind: 'refused', reason: 'expired' }
  return { kind: 'officer', name, scope, via: 'key' }
}

const issueKey = (
  deps: KeyDeps,
  { by, ...key }: NewKey & { by: By },
): Promise<{ id: number; key: string }> =>
  inTransaction(deps, async (tx) => {
    const plain = randomToken(256)
    const now = tx.clock()
    const id = await store.insertKey(tx.db, { ...key, keyHash: sha256(plain), by: by.name, now })
    const { name, scope, expiresAt } = key
    await record(tx, {
      by,
      operation: 'key.created',
      id,
      before: null,
      after: { name, scope, expiresAt },
      now,
    })
    return { id, key: plain }
  })

type Revoked = 'revoked' | 'unknown' | 'last_admin'

const revokeKey = (deps: KeyDeps, { id, by }: { id: number; by: By }): Promise<Revoked> =>
  inTransaction(deps, async (tx) => {
    await store.lockAccess(tx.db)
    const now = tx.clock()
    const key = await store.findLiveKey(tx.db, { id, now })
    if (!key) return 'unknown'
    if (key.scope === 'admin' && (await isOnlyAdmin(tx, now))) return 'last_admin'
    await end(tx, { key, by, now })
    return 'revoked'
  })

/** Whether just one could decide everything: nobody could any more if that one ended. */
export const isOnlyAdmin = async (
  { db, adminKey }: Pick<KeyDeps, 'db' | 'adminKey'>,
  now: Date,
): Promise<boolean> => adminKey === undefined && (await store.countAdmins(db, now)) === 1

/** By the command line also the last one: whoever has it can make another. */
const revokeKeys = (deps: KeyDeps, { name, by }: { name: string; by: By }): Promise<number> =>
  inTransaction(deps, async (tx) => {
    await store.lockAccess(tx.db)
    const now = tx.clock()
    const keys = await store.pageNamed(tx.db, name)
    for (const key of keys) await end(tx, { key, by, now })
    return keys.length
  })

type Tx = { db: Db; audit: Audit }
type Ending = { key: store.Key; by: By; now: Date }

async function end(tx: Tx, { key, by, now }: Ending): Promise<void> {
  const { id, name, scope } = key
  await store.revokeKey(tx.db, { id, now })
  await record(tx, {
    by,
    operation: 'key.revoked',
    id,
    before: { name, scope },
    after: null,
    now,
  })
}

type Entry = {
  by: By
  operation: string
  id: number
  before: object | null
  after: object | null
  now: Date
}

const record = (tx: Tx, { by, id, ...entry }: Entry) =>
  tx.audit.record(tx.db, {
    ...entry,
    operator: by.name,
    requestId: by.requestId,
    target: { type: 'key', id: String(id) },
    ...(by.reason !== undefined && { reason: by.reason }),
  })
