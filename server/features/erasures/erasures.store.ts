import type { Db } from '../../lib/db.ts'

export type Mark = { kind: 'contact' | 'note'; hmac: Buffer }
export type MarkRow = Mark & { erasedAt: Date; returnedAt: Date | null }

export const pageMarks = (db: Db, marks: readonly Mark[]): Promise<MarkRow[]> =>
  db('erasure_marks')
    .whereRaw('(kind, hmac) in (select * from unnest(?::text[], ?::bytea[]))', [
      marks.map(({ kind }) => kind),
      marks.map(({ hmac }) => hmac),
    ])
    .select<MarkRow[]>({
      kind: 'kind',
      hmac: 'hmac',
      erasedAt: 'erased_at',
      returnedAt: 'returned_at',
    })

/** Who is erased again was there again: what began before now counts no more. */
export const upsertMarks = (db: Db, { marks, now }: { marks: readonly Mark[]; now: Date }) =>
  db('erasure_marks')
    .insert(marks.map((mark) => ({ ...mark, erased_at: now, returned_at: null })))
    .onConflict(['kind', 'hmac'])
    .merge(['erased_at', 'returned_at'])

export const setReturned = (db: Db, { hmacs, now }: { hmacs: readonly Buffer[]; now: Date }) =>
  db('erasure_marks')
    .where({ kind: 'contact' })
    .whereRaw('hmac = any(?::bytea[])', [[...hmacs]])
    .whereNull('returned_at')
    .update({ returned_at: now })

export type Counts = Record<string, number>

export const insertErasure = (
  db: Db,
  row: { customerId: number | null; by: string; counts: Counts; now: Date },
) =>
  db('erasures').insert({
    customer_id: row.customerId,
    erased_at: row.now,
    erased_by: row.by,
    counts: row.counts,
  })

export const findErasure = (db: Db, customerId: number) =>
  db('erasures')
    .where({ customer_id: customerId })
    .whereNotNull('customer_id')
    .first<{ at: Date; counts: Counts } | undefined>({ at: 'erased_at', counts: 'counts' })
