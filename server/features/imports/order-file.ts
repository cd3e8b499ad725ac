export type Format = 'csv' | 'xlsx' | 'json'
/** What a sheet holds: empty is null, a day is a Date at midnight UTC. */
export type Cell = string | number | boolean | Date | null
/** Letters that Excel puts into a cell at most; no column of ours takes nearly as much. */
export const LONGEST_CELL = 32_767
/** `line` counts from 1, as a spreadsheet shows it: rows of a sheet, items of a list. */
export type SheetRow = { line: number; cells: readonly Cell[] }
export type ListItem = { line: number; item: unknown }
/** A sheet's first row are its headings. */
export type OrderFile =
  | { format: 'csv' | 'xlsx'; rows: AsyncIterable<SheetRow> }
  | { format: 'json'; items: AsyncIterable<ListItem> }

/** Why a file cannot be read at all, for whoever made it. */
export class FileRefused extends Error {
  readonly reason: string
  constructor(reason: string) {
    super(reason)
    this.reason = reason
  }
}
