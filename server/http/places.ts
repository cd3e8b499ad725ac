import type { Place } from '../lib/pages.ts'
import { refuse } from './errors.ts'
import { BAD_CURSOR } from './route.ts'

const PLACE = /^(\d{1,13})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

/** Where a page of a list in the order of time begins: the place that the page before it gave; null: at the beginning. */
export function readPlace(cursor: string | undefined): Place | null {
  if (cursor === undefined) return null
  const [, at, id] = PLACE.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  if (at === undefined || id === undefined) throw refuse(BAD_CURSOR)
  return { at: new Date(Number(at)), id }
}

/** The mark of the page behind this one, for `readPlace`; nothing when there is none. */
export const toPlaceMark = (next: Place | undefined): { nextCursor?: string } =>
  next === undefined
    ? {}
    : { nextCursor: Buffer.from(`${String(next.at.getTime())}.${next.id}`).toString('base64url') }
