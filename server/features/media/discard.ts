import type { Db } from '../../lib/db.ts'
import type { Log } from '../../lib/log.ts'
import type { Objects } from '../../lib/objects.ts'
import * as rules from './media.rules.ts'
import * as store from './media.store.ts'

type Deps = { db: Db; objects: Objects; clock: () => Date; log: Log }

const LOOSE_MS = 24 * 60 * 60_000
/** An upload has no row before its files are there; none takes that long. */
const UNDER_WAY_MS = 60 * 60_000
const AT_ONCE = 500

/** Files first: what is left of a crash is a row that nobody gets, and that says what is still to be done. */
export async function discard(deps: Deps, ids: readonly string[]): Promise<void> {
  const kept = new Set(await store.pageKept(deps.db, ids))
  const gone = ids.filter((id) => !kept.has(id))
  for (const id of gone)
    for (const size of Object.keys(rules.SIZES) as rules.Size[])
      await deps.objects.remove(rules.toName(id, size))
  await store.deleteRemoved(deps.db, gone)
}

export async function tidy(deps: Deps): Promise<void> {
  const now = deps.clock()
  await store.removeLoose(deps.db, { before: new Date(now.getTime() - LOOSE_MS), now })
  for (;;) {
    const ids = await store.pageRemoved(deps.db, AT_ONCE)
    if (ids.length === 0) return
    await discard(deps, ids)
  }
}

export async function sweep(deps: Deps): Promise<void> {
  const before = new Date(deps.clock().getTime() - UNDER_WAY_MS)
  let names: string[] = []
  let count = 0
  const flush = async (): Promise<void> => {
    count += await sweepThese(deps, names)
    names = []
  }
  for await (const { name, at } of deps.objects.list())
    if (at < before && names.push(name) === AT_ONCE) await flush()
  await flush()
  if (count > 0) deps.log.info({ files: count }, 'files without a picture were deleted')
}

/** Answers how many belonged to nothing. */
async function sweepThese({ db, objects }: Deps, names: readonly string[]): Promise<number> {
  const ids = names.flatMap((name) => rules.readName(name) ?? [])
  const known = new Set(await store.pageKnown(db, ids))
  const stray = names.filter((name) => !known.has(rules.readName(name) ?? ''))
  for (const name of stray) await objects.remove(name)
  return stray.length
}
