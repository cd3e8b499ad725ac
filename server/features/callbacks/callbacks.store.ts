import type { Db } from '../../lib/db.ts'

export type Arrival = { hash: Buffer; source: string; payload: string }
export type Waiting = { id: number; source: string; payload: string; receivedAt: Date }

/**
 * Stores a batch, each payload once, and orders one drain if anything was new and none waits: one statement, one commit.
 * The job (callbacks.jobs.ts) is added by hand-written SQL because it must be in the same statement.
 */
export const storeBatch = (
  db: Db,
  { batch, drainInMs }: { batch: readonly Arrival[]; drainInMs: number },
) =>
  db.raw(
    `
  with stored as (
    insert into callback_inbox (payload_hash, source, payload)
    select distinct on (hash) hash, source, payload from unnest(:hashes::bytea[], :sources::text[], :payloads::text[]) as arrival(hash, source, payload)
    on conflict (payload_hash) do nothing
    returning 1
  )
  insert into lane_jobs (lane, name, payload, key, run_at, max_attempts)
  select 'callbacks', 'callbacks.drain', '{}', 'callbacks.drain', clock_timestamp() + :drainInMs::float8 * interval '1 millisecond', 25 from stored limit 1
  on conflict (key) where key is not null and locked_by is null do nothing`,
    {
      drainInMs,
      hashes: batch.map((one) => one.hash),
      sources: batch.map((one) => one.source),
      payloads: batch.map((one) => one.payload),
    },
  )

export const findPayload = async (db: Db, hash: Buffer): Promise<string | undefined> =>
  (
    await db('callback_inbox')
      .where({ payload_hash: hash })
      .first<{ payload: string } | undefined>('payload')
  )?.payload

/** Keeps something that nobody has to drain; answers whether it is the first with this hash. */
export async function insertDrained(
  db: Db,
  { hash, source, payload, now }: Arrival & { now: Date },
): Promise<boolean> {
  const inserted = await db('callback_inbox')
    .insert({ payload_hash: hash, source, payload, drained_at: now })
    .onConflict('payload_hash')
    .ignore()
    .returning('id')
  return inserted.length > 0
}

/** The oldest callbacks that wait; rows that another process drains are skipped. */
export const claimWaiting = (db: Db, limit: number) =>
  db('callback_inbox')
    .whereNull('drained_at')
    .orderBy('id')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .select<Waiting[]>({
      id: 'id',
      source: 'source',
      payload: 'payload',
      receivedAt: 'received_at',
    })

export const deleteBefore = (db: Db, before: Date) =>
  db('callback_inbox').whereNotNull('drained_at').where('received_at', '<', before).delete()

export const markDrained = (db: Db, { ids, now }: { ids: readonly number[]; now: Date }) =>
  db('callback_inbox')
    .whereRaw('id = any(?::bigint[])', [[...ids]])
    .update({ drained_at: now })

/** Of somebody of whom nothing is kept: that it came is known by its hash. */
export const emptyPayloads = async (db: Db, ids: readonly number[]): Promise<void> => {
  if (ids.length > 0)
    await db('callback_inbox')
      .whereRaw('id = any(?::bigint[])', [[...ids]])
      .update({ payload: '' })
}

/** It is drained, and nothing was made of it. */
export const setAside = (db: Db, { id, reason, now }: { id: number; reason: string; now: Date }) =>
  db('callback_inbox').where({ id }).update({ drained_at: now, set_aside: reason })
