import { randomUUID } from 'node:crypto'
import type { Db } from '../../lib/db.ts'
import type { Jobs } from '../../lib/jobs.ts'
import type { Log } from '../../lib/log.ts'
import { ObjectsFailed, type Objects } from '../../lib/objects.ts'
import type { Pictures } from '../../lib/pictures.ts'
import { sameText, sha256, type Secrets } from '../../lib/secrets.ts'
import type { Spooled } from '../../lib/spool.ts'
import { discard, sweep, tidy } from './discard.ts'
import { mediaJobs } from './media.jobs.ts'
import * as rules from './media.rules.ts'
import * as store from './media.store.ts'

export type MediaDeps = {
  db: Db
  jobs: Pick<Jobs, 'add'>
  objects: Objects
  pictures: Pictures
  secrets: Pick<Secrets, 'hmac'>
  clock: () => Date
  log: Log
}
type Fault = 'multipart' | 'too_large' | 'not_a_picture' | 'too_many_pixels'
/** How a file comes in; it is read only when there is room for it. */
type Receive = () => Promise<{ kind: 'file'; file: Spooled } | { kind: 'refused'; reason: Fault }>
export type Uploaded =
  | { kind: 'taken'; mediaId: string }
  | { kind: 'refused'; reason: Fault | 'busy' | 'too_many' | 'unavailable' }
/** An address as somebody comes with it. */
type Address = { id: string; size: string; expiry: string; signature: string }

const DAY_MS = 24 * 60 * 60_000

/**
 * Pictures: keeps `media`, and in the store of objects what is in them (docs/decisions/media.md). Woken by who uploads, and by
 * rooms that attach a picture to what they keep, remove it, or tell its address to whom they have let see it. Tells nobody.
 */
export function createMedia(deps: MediaDeps) {
  const uploading = new Set<string>()
  return {
    /** Takes one picture, which belongs to nothing yet; one at a time of each who uploads. */
    upload: async (by: rules.Uploader, receive: Receive): Promise<Uploaded> => {
      const mark = rules.toMark(by)
      if (uploading.has(mark)) return { kind: 'refused', reason: 'busy' }
      uploading.add(mark)
      try {
        return await upload(deps, by, receive)
      } finally {
        uploading.delete(mark)
      }
    },
    /**
     * Says what pictures belong to, in the transaction of who keeps that. False: one of them is not there, not `by`'s or
     * somebody else's already, and nothing has changed. A second time is the same.
     */
    attach: async (
      db: Db,
      {
        mediaIds,
        ...about
      }: { mediaIds: readonly string[]; by: rules.Uploader; subject: store.Subject },
    ): Promise<boolean> => {
      const attaching = { ...about, ids: [...new Set(mediaIds)], now: deps.clock() }
      if ((await store.lockFree(db, attaching)).length < attaching.ids.length) return false
      await store.attach(db, attaching)
      return true
    },
    /** Takes away what belongs to a subject, but `except`; at once for everybody, soon also from the store. */
    remove: async (
      db: Db,
      { subject, except = [] }: { subject: store.Subject; except?: readonly string[] },
    ): Promise<void> => {
      const ids = await store.removeOf(db, { subject, except, now: deps.clock() })
      await orderDiscard(deps, db, ids)
    },
    /** Whoever erases these accounts deletes the rows himself: then the files go as well. */
    discardOf: async (db: Db, accountIds: readonly number[]): Promise<void> =>
      orderDiscard(deps, db, await store.pageOfAccounts(db, accountIds)),
    /** Where a picture is got for the next 10 to 15 minutes, below our own address; only for whom one has let see it. */
    addressOf: (id: string, size: rules.Size): string => {
      const expiry = rules.toExpiry(deps.clock())
      return `/media/${id}/${size}?e=${String(expiry)}&s=${sign(deps, { id, size, expiry })}`
    },
    /** Undefined: we never told this address, it is over, or the picture is there no more. */
    find: (address: Address) => find(deps, address),
    discard: (ids: readonly string[]) => discard(deps, ids),
    tidy: () => tidy(deps),
    sweep: () => sweep(deps),
  }
}
export type Media = ReturnType<typeof createMedia>
export type { Uploader } from './media.rules.ts'

async function upload(deps: MediaDeps, by: rules.Uploader, receive: Receive): Promise<Uploaded> {
  const since = new Date(deps.clock().getTime() - DAY_MS)
  if ((await store.countSince(deps.db, { by, since })) >= rules.limitOf(by))
    return { kind: 'refused', reason: 'too_many' }
  const received = await receive()
  if (received.kind === 'refused') return received
  try {
    return await keep(deps, { by, file: received.file })
  } catch (error) {
    if (!(error instanceof ObjectsFailed)) throw error
    deps.log.error({ err: error }, 'the store of pictures does not take any')
    return { kind: 'refused', reason: 'unavailable' }
  } finally {
    await received.file.close()
  }
}

/** The files first: a row whose files are missing would be a picture that nobody can see. */
async function keep(
  deps: MediaDeps,
  { by, file }: { by: rules.Uploader; file: Spooled },
): Promise<Uploaded> {
  const sizes = Object.keys(rules.SIZES) as rules.Size[]
  const shrunk = await deps.pictures.shrink(() => file.head(file.size), Object.values(rules.SIZES))
  if (shrunk.kind === 'refused') return shrunk
  const id = randomUUID()
  for (const [at, { bytes }] of shrunk.pictures.entries())
    await deps.objects.put(rules.toName(id, sizes[at]!), bytes)
  const [full] = shrunk.pictures
  const { width, height, bytes } = full!
  await store.insertMedia(deps.db, {
    id,
    by,
    width,
    height,
    bytes: shrunk.pictures.reduce((sum, one) => sum + one.bytes.length, 0),
    sha256: sha256(bytes),
    now: deps.clock(),
  })
  return { kind: 'taken', mediaId: id }
}

const AT_ONCE = 500

async function orderDiscard({ jobs }: Pick<MediaDeps, 'jobs'>, db: Db, ids: readonly string[]) {
  const pieces = Array.from({ length: Math.ceil(ids.length / AT_ONCE) }, (_, at) =>
    ids.slice(at * AT_ONCE, (at + 1) * AT_ONCE),
  )
  await jobs.add(
    db,
    pieces.map((piece) => mediaJobs.discard.of({ ids: piece })),
  )
}

const sign = ({ secrets }: Pick<MediaDeps, 'secrets'>, opening: rules.Opening): string =>
  secrets.hmac('media.address', rules.toSigned(opening)).toString('base64url')

async function find(deps: MediaDeps, { id, size, expiry, signature }: Address) {
  const leftSeconds = rules.leftOf(expiry, deps.clock())
  if (leftSeconds === 0 || !rules.isMediaId(id) || !rules.isSize(size)) return undefined
  if (!sameText(signature, sign(deps, { id, size, expiry: Number(expiry) }))) return undefined
  const found = await store.findMedia(deps.db, id)
  if (!found) return undefined
  return {
    leftSeconds,
    /** Changes when the picture would. */
    tag: `${found.sha256.toString('base64url')}-${size}`,
    read: () => deps.objects.get(rules.toName(id, size)),
  }
}
