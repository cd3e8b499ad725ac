import { lockKey, shareKey, type Db } from '../../lib/db.ts'

/** Until the transaction ends nobody reads the settings to write by them, nor changes them. */
export const lockSettings = (db: Db) => lockKey(db, 'settings')

/** Until the transaction ends nobody changes them. */
export const holdSettings = (db: Db) => shareKey(db, 'settings')

export const pageSettings = (db: Db) =>
  db('settings').select<{ key: string; value: unknown }[]>('key', 'value')

export const upsertSetting = (
  db: Db,
  row: { key: string; value: unknown; by: string; now: Date },
) =>
  db('settings')
    .insert({
      key: row.key,
      value: JSON.stringify(row.value),
      updated_at: row.now,
      updated_by: row.by,
    })
    .onConflict('key')
    .merge(['value', 'updated_at', 'updated_by'])
