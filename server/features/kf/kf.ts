import type { Db } from '../../lib/db.ts'
import { itemFault, tryBehindSavepoint, tryItem } from '../../lib/item-fault.ts'
import type { JobRun } from '../../lib/jobs.ts'
import { sha256 } from '../../lib/secrets.ts'
import type { KfItem } from '../../outside/wecom/kf.items.ts'
import type { BindingEnd } from '../facts.ts'
import type { KfDeps } from './kf.deps.ts'
import { kfJobs } from './kf.jobs.ts'
import {
  MESSAGE_TOO_OLD_MS,
  toEventCode,
  UNBIND_QUESTION_LIFE_MS,
  understand,
  type Intent,
} from './kf.rules.ts'
import { listen } from './kf.listen.ts'
import {
  askUnbind,
  confirm,
  greet,
  tellEnd,
  tellMissed,
  tellProgress,
  tellTied,
  tellUnbound,
} from './kf.replies.ts'
import { isWithPeople, lookAtSession, type Chat } from './kf.session.ts'
import * as store from './kf.store.ts'

/** The switchboard: pulls the messages of a kf account, understands them, and answers or hands over to a human. */
export function createKf(deps: KfDeps) {
  return {
    /** Reads all new messages of an account; one at a time per account. */
    pull: (ring: Ring) => pull(deps, ring),
    /** Pulls every account that may have rung unheard. */
    catchUp: () => catchUp(deps),
    /** Forgets messages older than 30 days. */
    tidy: () => store.deleteBefore(deps.db, new Date(deps.clock().getTime() - KEPT_MS)),
    /** Acts on the waiting messages of a contact, in order; one that fails again and again is set aside. */
    handle: (externalUserId: string, run: JobRun) => handle(deps, externalUserId, run),
    /** Greets on entering, within 20 s. */
    greet: (welcome: { welcomeCode: string; enteredAt: Date }) => greet(deps, welcome),
    /** Says 验证码无效或已过期, or that the contact must wait. */
    tellMissed: (chat: Chat, missed: { sourceId: string; pausedUntil: Date | null }) =>
      tellMissed(deps, chat, missed),
    /** Says how an attempt ended. */
    tellEnd: (chat: Chat, end: BindingEnd, pendingId: string) =>
      tellEnd(deps, chat, end, pendingId),
    /** Sends the item to tap (D3), or tells the page why it cannot. */
    confirm: (chat: Chat, ids: Parameters<typeof confirm>[2]) => confirm(deps, chat, ids),
    /** Asks whether the binding shall really end. */
    askUnbind: (chat: Chat, sourceId: string) => askUnbind(deps, chat, sourceId),
    /** Says that a tie was made of which this chat knows nothing, where the customer last wrote (D22). */
    tellTied: (tieId: number) => tellTied(deps, tieId),
    /** Says that it has ended, where the customer last wrote. */
    tellUnbound: (externalUserId: string, end: Parameters<typeof tellUnbound>[2]) =>
      tellUnbound(deps, externalUserId, end),
    /** Says how far the projects are. */
    tellProgress: (chat: Chat, sourceId: string) => tellProgress(deps, chat, sourceId),
    /** Words that are not for us: looks once more for a bind link, then hands the session to a human. */
    listen: (chat: Chat, said: Parameters<typeof listen>[2]) => listen(deps, chat, said),
  }
}
export type Kf = ReturnType<typeof createKf>

type Ring = { openKfId: string; token?: string | undefined }
const KEPT_MS = 30 * 24 * 3_600_000

/** A lost ring loses no message: the next look by the clock finds it. Without a ring there is no token, so once a minute at most. */
async function catchUp(deps: KfDeps): Promise<void> {
  const known = await store.pageAccounts(deps.db)
  await deps.jobs.add(
    deps.db,
    [...new Set([deps.openKfId, ...known])].map((openKfId) => kfJobs.pull.of({ openKfId })),
  )
}

/** Another process moved the cursor between our read and our write; the job starts over. */
export class CursorMoved extends Error {}

/** More is said to be behind a page whose cursor is the one we had: at once it would be the same page, so the job tries again in a while. */
export class CursorStands extends Error {}

async function pull(deps: KfDeps, { openKfId, token }: Ring): Promise<void> {
  for (let hasMore = true; hasMore;) {
    const cursor = await store.findCursor(deps.db, openKfId)
    const page = await deps.wecom.syncMessages({
      openKfId,
      ...(cursor !== undefined && { cursor }),
      ...(token !== undefined && { token }),
    })
    hasMore = page.hasMore
    const write = (keep: Keep) =>
      deps.db.transaction(async (db) => {
        await keep(deps, db, openKfId, page.messages)
        const { nextCursor } = page
        if (
          nextCursor !== undefined &&
          nextCursor !== cursor &&
          !(await store.moveCursor(db, openKfId, cursor, nextCursor))
        )
          throw new CursorMoved(openKfId)
      })
    if ((await tryItem(() => write(keepTogether))).kind === 'broken') await write(keepSingly)
    if (hasMore && page.nextCursor === cursor) throw new CursorStands(openKfId)
  }
}

type Keep = (deps: KfDeps, db: Db, openKfId: string, items: readonly KfItem[]) => Promise<void>

async function keepTogether(
  deps: KfDeps,
  db: Db,
  openKfId: string,
  items: readonly KfItem[],
): Promise<void> {
  const contacts = await store.insertMessages(
    db,
    items.map((item) => toMessage(deps, openKfId, item)),
    deps.clock(),
  )
  await deps.jobs.add(
    db,
    contacts.map((externalUserId) => kfJobs.handle.of({ externalUserId })),
  )
}

/** One item that cannot be kept must neither hold the cursor where it is nor cost the others. */
async function keepSingly(
  deps: KfDeps,
  db: Db,
  openKfId: string,
  items: readonly KfItem[],
): Promise<void> {
  for (const item of items) {
    const tried = await tryBehindSavepoint(db, (db) => keepTogether(deps, db, openKfId, [item]))
    if (tried.kind === 'done') continue
    const msgid = `aside:${sha256(item.msgid).toString('base64url')}`
    await store.insertMessages(
      db,
      [
        {
          ...NOBODY,
          openKfId,
          msgid,
          intent: { kind: 'unreadable', reason: tried.reason },
          sentAt: deps.clock(),
        },
      ],
      deps.clock(),
    )
    deps.log.error(
      { msgid, reason: tried.reason },
      'a chat message could not be stored and was set aside',
    )
  }
}

/** Who wrote a message that cannot be kept is not kept either. */
const NOBODY = { externalUserId: null, origin: 'other:0', outcome: 'failed' }

function toMessage(deps: KfDeps, openKfId: string, item: KfItem): store.NewMessage {
  const intent = understand(item, deps.binding)
  if (intent.kind === 'send_failed')
    deps.log.warn({ reason: intent.reason }, 'the platform could not deliver a chat message')
  if (intent.kind === 'unreadable')
    deps.log.warn(
      { msgid: item.msgid, reason: intent.reason },
      'a chat message could not be read and is set aside',
    )
  return {
    openKfId,
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

/** A collision may be a race, which ends well when it is run again; what is still the message's own fault then stays so. */
const TRIES_OF_A_FAULT = 3

async function handle(deps: KfDeps, externalUserId: string, run: JobRun): Promise<void> {
  try {
    while (await handleNext(deps, externalUserId));
  } catch (error) {
    const reason = run.attempt < TRIES_OF_A_FAULT ? undefined : itemFault(error)
    if (reason === undefined && !run.lastAttempt) throw error
    await setAside(deps, externalUserId)
    if (reason === undefined) throw error
    deps.log.error(
      { reason, externalUserId },
      'a chat message could not be acted on and was set aside',
    )
  }
}

/** Answers whether there was one. */
async function handleNext(deps: KfDeps, externalUserId: string): Promise<boolean> {
  const next = await store.peekWaiting(deps.db, externalUserId)
  if (!next) return false
  const toPeople =
    next.intent.kind === 'code' &&
    (await isForPeople(deps, { openKfId: next.openKfId, externalUserId }))
  return deps.db.transaction(async (db) => {
    const message = await store.findWaiting(db, externalUserId)
    if (!message) return false
    const outcome = await act(deps, db, {
      ...message,
      toPeople: toPeople && message.id === next.id,
    })
    await store.markHandled(db, message.id, outcome, deps.clock())
    return true
  })
}

/** What cannot be asked is taken for the bot's chat, where digits count as a try. */
async function isForPeople(deps: KfDeps, chat: Chat): Promise<boolean> {
  try {
    const { state } = await lookAtSession(deps, chat)
    return isWithPeople(state)
  } catch (error) {
    deps.log.warn({ err: error }, 'who has a chat could not be asked; digits in it count as a try')
    return false
  }
}

/** A message that fails again and again must not hold up those behind it; the log says that somebody must look. */
async function setAside(deps: KfDeps, externalUserId: string): Promise<void> {
  await deps.db.transaction(async (db) => {
    const message = await store.findWaiting(db, externalUserId)
    if (message) await store.markHandled(db, message.id, 'failed', deps.clock())
    await deps.jobs.add(db, [kfJobs.handle.of({ externalUserId })])
  })
}

/** Only who came in with a code can be greeted. */
async function greetLater(
  deps: KfDeps,
  db: Db,
  { welcomeCode, enteredAt }: { welcomeCode: string | undefined; enteredAt: Date },
): Promise<void> {
  if (welcomeCode !== undefined)
    await deps.jobs.add(db, [kfJobs.greet.of({ welcomeCode, enteredAt })])
}

/** Answers what was done, in one word for the record. */
async function act(
  deps: KfDeps,
  db: Db,
  message: store.Waiting & { toPeople: boolean },
): Promise<string> {
  const { intent, externalUserId, openKfId, msgid, sentAt, toPeople } = message
  const isTooOld = deps.clock().getTime() - sentAt.getTime() > MESSAGE_TOO_OLD_MS
  if (isTooOld && intent.kind !== 'words') return 'too_old'
  switch (intent.kind) {
    case 'code':
      return deps.binding.claim(db, {
        by: 'kf_code',
        hash: intent.hash,
        externalUserId,
        openKfId,
        sentAt,
        msgid,
        toPeople,
      })
    case 'link': {
      const welcome = toEventCode(intent.welcomeCode, sentAt)
      const claimed = await deps.binding.claim(db, {
        by: 'kf_link',
        hash: intent.hash,
        externalUserId,
        openKfId,
        sentAt,
        msgid,
        ...(welcome && { welcome }),
      })
      if (claimed === 'claimed') return 'claimed'
      await greetLater(deps, db, { welcomeCode: intent.welcomeCode, enteredAt: sentAt })
      return 'missed'
    }
    case 'enter':
      if (
        intent.welcomeCode !== undefined &&
        (await deps.binding.remind(db, {
          externalUserId,
          event: toEventCode(intent.welcomeCode, sentAt),
        }))
      )
        return 'reminded'
      await greetLater(deps, db, { welcomeCode: intent.welcomeCode, enteredAt: sentAt })
      return 'greeted'
    case 'deny':
      return (await deps.binding.deny(db, { pendingId: intent.pendingId, externalUserId }))
        ? 'denied'
        : 'missed'
    case 'recall':
      return (await deps.binding.withdraw(db, { msgid: intent.msgid, externalUserId }))
        ? 'withdrawn'
        : 'ignored'
    case 'session_ended':
      return (await deps.binding.remind(db, {
        externalUserId,
        event: toEventCode(intent.msgCode, sentAt),
      }))
        ? 'reminded'
        : 'ignored'
    case 'unbind':
      await deps.jobs.add(db, [kfJobs.askUnbind.of({ openKfId, externalUserId, sourceId: msgid })])
      return 'asked'
    case 'unbind_confirmed':
      if (sentAt.getTime() - Date.parse(intent.askedAt) > UNBIND_QUESTION_LIFE_MS) return 'too_old'
      return (await deps.customers.untieContact(db, {
        externalUserId,
        by: 'contact',
        actor: 'contact',
        sourceId: msgid,
        now: deps.clock(),
      }))
        ? 'unbound'
        : 'not_bound'
    case 'progress':
      await deps.jobs.add(db, [
        kfJobs.tellProgress.of({ openKfId, externalUserId, sourceId: msgid }),
      ])
      return 'progress'
    case 'words':
      if (await deps.binding.remind(db, { externalUserId, event: null })) return 'reminded'
      await deps.jobs.add(db, [
        kfJobs.listen.of({ openKfId, externalUserId, sourceId: msgid, sentAt, waits: 0 }),
      ])
      return 'listened'
    case 'send_failed':
    case 'ignored':
    case 'unreadable':
      return 'ignored'
  }
}
