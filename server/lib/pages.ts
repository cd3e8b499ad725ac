/** A page of rows that were asked for with one more; `last` is where the next page goes on, when there is one. */
export function cutPage<Row>(
  rows: readonly Row[],
  limit: number,
): { shown: readonly Row[]; last: Row | undefined } {
  const shown = rows.slice(0, limit)
  return { shown, last: rows.length > limit ? shown.at(-1) : undefined }
}

/** The same of a list in the order of its ids; `next` is the mark of the page behind it. */
export function toPage<Row extends { id: number }>(
  rows: readonly Row[],
  limit: number,
): { items: readonly Row[]; next: number | undefined } {
  const { shown, last } = cutPage(rows, limit)
  return { items: shown, next: last?.id }
}

/** Where a list in the order of time goes on: behind the row of this instant, or day, and id. */
export type Place = { at: Date; id: string }
/** Which place of a list somebody asks for; null: its beginning. */
export type PageOf = { limit: number; after: Place | null }
