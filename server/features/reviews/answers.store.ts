import type { Db } from '../../lib/db.ts'

export type StoredAnswer = {
  answer: 'same' | 'changed' | 'unknown'
  orders?: string[] | undefined
  since?: string | undefined
  toExternalUserId?: string | undefined
  /** About the member's own remark: which of its numbers, named without telling it, and in which follow he said so. */
  chosen?: { choice: string; phoneMasked: string; followedAt: string } | undefined
  reason: string
  /** The orders that it may be about, as whoever gave it could know them. */
  asked?: string[]
}

export const lockReview = (db: Db, id: number) =>
  db('reviews').where({ id }).forUpdate().first<{ id: number } | undefined>('id')

export const writeAnswer = (
  db: Db,
  row: { id: number; answer: StoredAnswer; by: string; now: Date; effectiveAt: Date },
) =>
  db('reviews')
    .where({ id: row.id })
    .update({
      answer: JSON.stringify(row.answer),
      answered_by: row.by,
      answered_at: row.now,
      effective_at: row.effectiveAt,
    })

export const clearAnswer = (db: Db, { id, escalatedAt }: { id: number; escalatedAt?: Date }) =>
  db('reviews')
    .where({ id })
    .update({
      answer: null,
      answered_by: null,
      answered_at: null,
      effective_at: null,
      ...(escalatedAt && { escalated_at: escalatedAt }),
    })

/** Answers whose time has come and that no job has acted on: its order was lost with a killed process. */
export const pageOverdue = (db: Db, now: Date): Promise<number[]> =>
  db('reviews').whereNull('closed_at').where('effective_at', '<=', now).orderBy('id').pluck('id')

export const pageUnescalated = (db: Db): Promise<{ id: number; openedAt: Date }[]> =>
  db('reviews')
    .where({ kind: 'number' })
    .whereNull('closed_at')
    .whereNull('escalated_at')
    .whereNull('answer')
    .orderBy('id')
    .select<{ id: number; openedAt: Date }[]>({ id: 'id', openedAt: 'opened_at' })

/** Answers how many; one that somebody has answered meanwhile is not among them. */
export const escalate = (
  db: Db,
  { ids, now }: { ids: readonly number[]; now: Date },
): Promise<number> =>
  db('reviews')
    .whereIn('id', ids)
    .whereNull('escalated_at')
    .whereNull('answer')
    .update({ escalated_at: now })
