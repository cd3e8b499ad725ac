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
