import { inTransaction, type Within } from '../../lib/db.ts'
import { tryBehindSavepoint, tryItem } from '../../lib/item-fault.ts'
import { sha256 } from '../../lib/secrets.ts'
import type { KfItem } from '../../outside/wecom/kf.items.ts'
import { LISTENED, toListening } from './kf.act.ts'
import type { KfDeps } from './kf.deps.ts'
import { kfJobs } from './kf.jobs.ts'
import { findOnlyWords, understand, type Intent } from './kf.rules.ts'
import * as store from './kf.store.ts'

/** Another process moved the cursor between our read and our write; the job starts over. */
export class CursorMoved extends Error {}

/** More is said to be behind a page whose cursor is the one we had: at once it would be the same page, so the job tries again in a while. */
export class CursorStands extends Error {}

type Page = { openKfId: string; items: readonly KfItem[] }
type Tx = Within<KfDeps>

/** A lost ring loses no message: the next look by the clock finds it. Without a ring there is no token, so once a minute at most. */
export async function catchUp(deps: KfDeps): Promise<void> {
  const known = await store.pageAccounts(deps.db)
  await deps.jobs.add(
    deps.db,
    [...new Set([deps.openKfId, ...known])].map((openKfId) => kfJobs.pull.of({ openKfId })),
  )
}

export async function pull(
  deps: KfDeps,
  { openKfId, token }: { openKfId: string; token?: string },
): Promise<void> {
  for (let hasMore = true; hasMore;) {
    const cursor = await store.findCursor(deps.db, openKfId)
    const page = await deps.platforms.kf.syncMessages({
      openKfId,
      ...(cursor !== undefined && { cursor }),
      ...(token !== undefined && { token }),
    })
    hasMore = page.hasMore
    const { messages: items, nextCursor } = page
    const write = (keep: typeof keepTogether) =>
      inTransaction(deps, async (tx) => {
        await tx.erasures.hold(tx.db)
        await keep(tx, { openKfId, items: await withoutErased(tx, items) })
        if (
          nextCursor !== undefined &&
          nextCursor !== cursor &&
          !(await store.moveCursor(tx.db, { openKfId, from: cursor, to: nextCursor }))
        )
          throw new CursorMoved(openKfId)
      })
    if ((await tryItem(() => write(keepTogether))).kind === 'broken') await write(keepSingly)
    if (hasMore && nextCursor === cursor) throw new CursorStands(openKfId)
  }
}

/** Of whom nothing is kept any more, nothing is kept until he writes or comes in again. */
const withoutErased = async (tx: Tx, items: readonly KfItem[]): Promise<KfItem[]> =>
  (
    await tx.erasures.keepKnown(tx.db, {
      told: items.map((item) => ({
        item,
        externalUserId: item.externalUserId,
        at: item.sendTime,
        own: item.origin === 'customer' || item.kind === 'enter-session',
      })),
      now: tx.clock(),
    })
  ).map(({ item }) => item)

async function keepTogether(tx: Tx, { openKfId, items }: Page): Promise<void> {
  const messages = items.map((item) => ({ openKfId, ...toMessage(tx, item) }))
  const stored = await store.insertMessages(tx.db, { messages, now: tx.clock() })
  const listened = await listenAtOnce(tx, stored)
  const contacts = new Set(
    stored.filter(({ id }) => !listened.has(id)).map(({ externalUserId }) => externalUserId),
  )
  await tx.jobs.add(
    tx.db,
    [...contacts].map((externalUserId) => kfJobs.handle.of({ externalUserId })),
  )
}

/**
 * Most messages are words for people: they are acted on together, where nothing else of their contact waits and no attempt
 * could be helped by them. Answers which they were.
 */
async function listenAtOnce(tx: Tx, stored: readonly store.Stored[]): Promise<Set<number>> {
  const words = findOnlyWords(stored)
  if (words.length === 0) return new Set()
  const now = tx.clock()
  const externalUserIds = words.map(({ externalUserId }) => externalUserId)
  const attempting = await tx.binding.pageAttempting(tx.db, { externalUserIds, now })
  const listened = await store.takeAtOnce(tx.db, {
    ids: words.filter(({ externalUserId }) => !attempting.has(externalUserId)).map(({ id }) => id),
    outcome: LISTENED,
    now,
  })
  await tx.jobs.add(tx.db, words.filter(({ id }) => listened.has(id)).map(toListening))
  return listened
}

/** One item that cannot be kept must neither hold the cursor where it is nor cost the others. */
async function keepSingly(tx: Tx, { openKfId, items }: Page): Promise<void> {
  for (const item of items) {
    const tried = await tryBehindSavepoint(tx.db, (db) =>
      keepTogether({ ...tx, db }, { openKfId, items: [item] }),
    )
    if (tried.kind === 'done') continue
    const msgid = `aside:${sha256(item.msgid).toString('base64url')}`
    await keepAside(tx, { openKfId, msgid, reason: tried.reason })
    tx.log.error(
      { msgid, reason: tried.reason },
      'a chat message could not be stored and was set aside',
    )
  }
}

/** Who wrote a message that cannot be kept is not kept either. */
const NOBODY = { externalUserId: null, origin: 'other:0', outcome: 'failed' }

async function keepAside(
  tx: Tx,
  { reason, ...name }: { openKfId: string; msgid: string; reason: string },
): Promise<void> {
  const intent: Intent = { kind: 'unreadable', reason }
  const message = { ...NOBODY, ...name, intent, sentAt: tx.clock() }
  await store.insertMessages(tx.db, { messages: [message], now: tx.clock() })
}

function toMessage(tx: Tx, item: KfItem): Omit<store.NewMessage, 'openKfId'> {
  const intent = understand(item, tx.bindCodes)
  if (intent.kind === 'send_failed')
    tx.log.warn({ reason: intent.reason }, 'the platform could not deliver a chat message')
  if (intent.kind === 'unreadable')
    tx.log.warn(
      { msgid: item.msgid, reason: intent.reason },
      'a chat message could not be read and is set aside',
    )
  return {
    msgid: item.msgid,
    externalUserId: item.externalUserId ?? null,
    origin: item.origin,
    intent,
    sentAt: item.sendTime,
    outcome:
      item.externalUserId === undefined && intent.kind !== 'unreadable'
        ? 'ignored'
        : (OUTCOMES[intent.kind] ?? null),
  }
}

/** Of messages that nobody acts on. */
const OUTCOMES: Partial<Record<Intent['kind'], string>> = {
  ignored: 'ignored',
  send_failed: 'ignored',
  unreadable: 'failed',
}
