/** A page of rows that were asked for with one more; `last` is where the next page goes on, when there is one. */
export function cutPage<Row>(
  rows: readonly Row[],
  limit: number,
): { shown: readonly Row[]; last: Row | undefined } {
  const shown = rows.slice(0, limit)
  return { shown, last: rows.length > limit ? shown.at(-1) : undefined }
}
