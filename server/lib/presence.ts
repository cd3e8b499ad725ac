import pg from 'pg'
import type { Log } from './log.ts'

/**
 * Holds a lock named after a process for as long as this process lives: kill -9 frees it at once. A connection
 * that breaks while the process lives is opened again, or the others would take over jobs that are under way.
 */
export async function announcePresence(
  connectionString: string,
  name: string,
  log: Log,
): Promise<{ end: () => Promise<void> }> {
  let ended = false
  let client = await holdPresence(connectionString, name, renew)
  async function renew(): Promise<void> {
    for (let attempt = 0; !ended; attempt += 1) {
      await new Promise((resolve) => setTimeout(resolve, Math.min(100 * 2 ** attempt, 2_000)))
      try {
        client = await holdPresence(connectionString, name, renew)
        return log.warn('the connection that marks this process as alive was lost and is back')
      } catch (error) {
        log.warn({ err: error }, 'the connection that marks this process as alive is lost')
      }
    }
  }
  return {
    end: async () => {
      ended = true
      await client.end()
    },
  }
}

async function holdPresence(
  connectionString: string,
  name: string,
  lost: () => Promise<void>,
): Promise<pg.Client> {
  const client = new pg.Client({ connectionString, application_name: 'jindutong presence' })
  let held = false
  // pg tells a broken connection as `error` and then `end`; our own end() comes as `end` alone, after `ended` is set.
  client.on('error', () => {})
  client.on('end', () => {
    if (held) void lost()
  })
  await client.connect()
  await client.query('select pg_advisory_lock(hashtextextended($1, 0))', [name])
  held = true
  return client
}

/**
 * SQL: whether a row of jobs is held by a process that is no more: nobody holds the lock named in its `locked_by`, and it was
 * taken long enough ago for its process to have one.
 */
export const HELD_BY_DEAD = `locked_by is not null and locked_at < now() - interval '3 seconds' and not exists (
  select 1 from pg_locks l
  where l.locktype = 'advisory' and l.granted and l.objsubid = 1
    and l.database = (select oid from pg_database where datname = current_database())
    and (l.classid::bigint << 32 | l.objid::bigint) = hashtextextended(locked_by, 0))`
