import type { Db } from '../../lib/db.ts'

export const findMedia = async (
  db: Db,
  { name, uploadedAfter }: { name: string; uploadedAfter: Date },
): Promise<string | undefined> =>
  (
    await db('platform_media')
      .where({ name })
      .where('uploaded_at', '>', uploadedAfter)
      .first<{ media_id: string } | undefined>('media_id')
  )?.media_id

export const upsertMedia = (db: Db, row: { name: string; mediaId: string; now: Date }) =>
  db('platform_media')
    .insert({ name: row.name, media_id: row.mediaId, uploaded_at: row.now })
    .onConflict('name')
    .merge()

/** The platform refused what was sent with it. */
export const deleteMedia = (db: Db, name: string) => db('platform_media').where({ name }).delete()
