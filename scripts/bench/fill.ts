import { hkdfSync } from 'node:crypto'
import type pg from 'pg'
import { createSecrets } from '../../server/lib/secrets.ts'
import { ADVISORS, CONTACT, FILLING, PHONE, SEQUENCES } from './filling.ts'
import { SECRET_KEY } from './programs.ts'
import { tell } from './tell.ts'

/** The hashes that SQL makes are not those of the server: nobody would be found by his phone. */
export class OtherHashes extends Error {}

const HASH_BYTES = 32
const BLOCK_BYTES = 64

/**
 * Fills an empty, migrated database with customers who are all bound, each with three orders of five stages and ten events.
 * No foreign keys are checked meanwhile, and indexes are made at the end: minutes instead of hours.
 */
export async function fill(client: pg.Client, customers: number): Promise<void> {
  await client.query(
    `set session_replication_role = replica; set synchronous_commit = off; set maintenance_work_mem = '256MB'`,
  )
  const indexes = await dropIndexes(client)
  for (const [table, sql] of FILLING) {
    const began = performance.now()
    await client.query(expand(sql, customers))
    tell(`  ${table} ${((performance.now() - began) / 1_000).toFixed(1)} s`)
  }
  for (const definition of indexes) await client.query(definition)
  for (const table of SEQUENCES)
    await client.query(
      `select setval(pg_get_serial_sequence('${table}', 'id'), (select max(id) from ${table}))`,
    )
  await requireHashes(client)
  await client.query('vacuum analyze')
  await client.query('reset all')
}

/** A word in capitals with a colon stands for a piece of SQL. */
function expand(sql: string, customers: number): string {
  return sql
    .replaceAll(':CUSTOMERS', `generate_series(1, ${customers}) as i`)
    .replaceAll(':HMAC', toHmac(PHONE, 'phone'))
    .replaceAll(':PHONE', PHONE)
    .replaceAll(':CONTACT', CONTACT)
    .replaceAll(':ADVISOR', `('advisor-' || i % ${ADVISORS})`)
    .replaceAll(':N', String(customers))
}

/**
 * HMAC-SHA256 in SQL, under the key that `createSecrets` derives for the purpose: pgcrypto may not be there, and millions of
 * hashes need not travel.
 */
export function toHmac(text: string, purpose: string): string {
  const key = Buffer.alloc(BLOCK_BYTES)
  Buffer.from(hkdfSync('sha256', SECRET_KEY, 'jindutong', purpose, HASH_BYTES)).copy(key)
  const pad = (byte: number): string =>
    `'\\x${Buffer.from(key.map((one) => one ^ byte)).toString('hex')}'::bytea`
  return `sha256(${pad(0x5c)} || sha256(${pad(0x36)} || convert_to(${text}, 'UTF8')))`
}

async function requireHashes(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ phone: string; phone_hmac: Buffer }>(
    'select phone, phone_hmac from customers where id = 1',
  )
  const { hmac } = createSecrets(SECRET_KEY)
  const [first] = rows
  if (!first?.phone_hmac.equals(hmac('phone', first.phone)))
    throw new OtherHashes(
      'the keyed hash of a phone is made otherwise now: see scripts/bench/fill.ts',
    )
}

/** Those that no constraint needs; answers how to make them again. */
async function dropIndexes(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string; definition: string }>(`
    select c.relname as name, pg_get_indexdef(c.oid) as definition from pg_index x
    join pg_class c on c.oid = x.indexrelid join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and not exists (select from pg_constraint k where k.conindid = c.oid)`)
  for (const { name } of rows) await client.query(`drop index public.${name}`)
  return rows.map(({ definition }) => definition)
}
