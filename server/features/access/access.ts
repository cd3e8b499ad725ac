// Keys of people and services that call the API: keeps admin_keys (hashes only).
// Woken by whoever authenticates a request, and by scripts/admin.ts, which issues and ends keys.
// Tells nobody anything: a key that was ended is refused by the next request in every process.
import type { Db } from '../../lib/db.ts'
import { randomToken, sameText, sha256 } from '../../lib/secrets.ts'
import * as store from './access.store.ts'

export type KeyHolder = { kind: 'key'; name: string; scope: 'admin' | 'service' }
/** The key was good once: its holder may be told why it is not any more. */
export type EndedKey = { kind: 'refused'; reason: 'expired' | 'revoked' }

/** Admin and service keys: 256 bit, only hashes kept; ADMIN_KEY of the environment counts while it is set. */
export function createAccess(deps: { db: Db; adminKey: string | undefined; clock: () => Date }) {
  return {
    /** Who holds this key, and for what; null: there never was such a key. */
    findHolder: async (key: string): Promise<KeyHolder | EndedKey | null> => {
      if (deps.adminKey !== undefined && sameText(key, deps.adminKey))
        return { kind: 'key', name: 'ADMIN_KEY', scope: 'admin' }
      const found = await store.findKey(deps.db, sha256(key))
      return found ? toHolder(found, deps.clock()) : null
    },
    /** A new key, told once. */
    createKey: async (key: {
      name: string
      scope: 'admin' | 'service'
      expiresAt: Date | null
    }): Promise<string> => {
      const plain = randomToken(256)
      await store.insertKey(deps.db, { ...key, keyHash: sha256(plain) })
      return plain
    },
    listKeys: () => store.pageLiveKeys(deps.db, deps.clock()),
    /** Ends every key of this name; answers how many. */
    revokeKeys: (name: string) => store.revokeKeys(deps.db, name, deps.clock()),
    /** Whether anybody could act as an admin. */
    hasAdmin: async (): Promise<boolean> =>
      deps.adminKey !== undefined || store.hasLiveAdminKey(deps.db, deps.clock()),
  }
}
export type Access = ReturnType<typeof createAccess>

function toHolder(
  { name, scope, expiresAt, revokedAt }: store.Key,
  now: Date,
): KeyHolder | EndedKey {
  if (revokedAt !== null) return { kind: 'refused', reason: 'revoked' }
  if (expiresAt !== null && expiresAt <= now) return { kind: 'refused', reason: 'expired' }
  return { kind: 'key', name, scope }
}
