import { parseArgs } from 'node:util'
import * as v from 'valibot'
import { createKeys } from '../server/features/access/access.keys.ts'
import { createAudit } from '../server/features/audit/audit.ts'
import { Scope } from '../shared/api/access.ts'
import { openDb } from '../server/lib/db.ts'
import { withDatabase } from './checkout/database.ts'
import { readEnvironment, say } from './checkout/environment.ts'

const USAGE = `npm run admin -- create-key --name NAME [--scope viewer|operator|admin|service] [--days N]   makes a key and prints it once
npm run admin -- list-keys                                                  names, scopes, expiry, last use
npm run admin -- revoke-key --name NAME                                     ends every key of that name`

// Above the call: what is declared below it is not there yet when a command runs.
const isScope = (scope: string): scope is Scope => v.is(Scope, scope)

/** npm run admin: keys for people and programs that use the admin REST. */
const {
  positionals: [command],
  values,
} = parseArgs({
  allowPositionals: true,
  options: {
    name: { type: 'string' },
    scope: { type: 'string', default: 'admin' },
    days: { type: 'string' },
  },
})

await withDatabase(readEnvironment(), async (connectionString) => {
  const db = openDb(connectionString, { maxConnections: 1 })
  try {
    await run(
      createKeys({ db, audit: createAudit(), adminKey: undefined, clock: () => new Date() }),
    )
  } finally {
    await db.destroy()
  }
})

async function run(access: ReturnType<typeof createKeys>): Promise<void> {
  if (command === 'list-keys')
    return (await access.listKeys()).forEach((key) =>
      say(
        `${key.name}  ${key.scope}  ${key.expiresAt ? `until ${key.expiresAt.toISOString()}` : 'no end'}  ${key.lastUsedAt ? `last used ${key.lastUsedAt.toISOString()}` : 'never used'}`,
      ),
    )
  const { name, scope, days } = values
  if (
    command === 'create-key' &&
    name &&
    isScope(scope) &&
    (days === undefined || /^\d{1,4}$/.test(days))
  ) {
    const expiresAt = days === undefined ? null : new Date(Date.now() + Number(days) * 86_400_000)
    return say(
      `${await access.createKey({ name, scope, expiresAt })}\nThis is shown only now; the database keeps a hash.`,
    )
  }
  if (command === 'revoke-key' && name)
    return say(`${String(await access.revokeKeys(name))} key(s) revoked`)
  say(USAGE)
  process.exitCode = 2
}
