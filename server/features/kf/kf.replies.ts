import { createHash } from 'node:crypto'
import { toProgressText } from '../../../shared/progress.ts'
import type { KfMenu } from '../../outside/wecom/kf.sending.ts'
import type { BindingEnd, EventCode, UnboundBy } from '../facts.ts'
import type { KfDeps } from './kf.deps.ts'
import { denyMenuId, EVENT_CODE_LIFE_MS, unbindMenuId } from './kf.rules.ts'
import { isWithPeople, lookAtSession, type Chat } from './kf.session.ts'
import { findLastChat } from './kf.store.ts'
import {
  BOUND_ALREADY,
  BOUND_AND_ALLOWED,
  CODE_INVALID,
  CONFIRM,
  ENDED,
  ENDED_BY_CARD,
  GREETING,
  NO_PROJECTS,
  NOT_ALLOWED_YET,
  NOT_BOUND,
  SERVICER_HINT,
  TAP_THE_CARD,
  toPausedText,
  toTiedText,
  UNBIND_QUESTION,
  UNBOUND,
} from './kf.texts.ts'

/** The platform's name for one reply to one cause: a repeated job cannot say the same thing twice. */
export const msgidFor = (what: string, sourceId: string): string =>
  createHash('sha256').update(`${what}:${sourceId}`).digest('base64url').slice(0, 32)

type Reply = { chat: Chat; what: string; sourceId: string; text: string }

async function say(deps: KfDeps, { chat, what, sourceId, text }: Reply): Promise<void> {
  const sent = await deps.platforms.kf.sendText({ ...chat, msgid: msgidFor(what, sourceId), text })
  if (sent.kind === 'sent') return
  deps.log[levelOf(sent)](
    { what, reason: sent.reason, errcode: sent.errcode },
    'a chat reply could not be sent',
  )
  if (sent.reason === 'state_forbids') await lookAtSession(deps, chat)
}

/** A number that we do not know may mean that something is wrong with the installation. */
const levelOf = ({ reason }: { reason: string }): 'info' | 'warn' =>
  reason === 'other' ? 'warn' : 'info'

type Ended = { chat: Chat; end: BindingEnd; pendingId: string }

export async function tellEnd(deps: KfDeps, ended: Ended): Promise<void> {
  const { chat, end, pendingId } = ended
  const welcomeCode = await deps.binding.readWelcome(pendingId)
  const text = await toEndText(deps, ended)
  const onEntering =
    welcomeCode === null
      ? null
      : await deps.platforms.kf.sendOnEvent(
          welcomeCode,
          { kind: 'text', text },
          msgidFor(end, pendingId),
        )
  if (onEntering?.kind !== 'sent') await say(deps, { chat, what: end, sourceId: pendingId, text })
}

/** Who was found by his phone before he bound himself waits for nobody. */
async function toEndText(
  deps: KfDeps,
  { chat: { externalUserId }, end, pendingId }: Ended,
): Promise<string> {
  if (end === 'bound')
    return (await deps.projects.listForContact(externalUserId)) === null
      ? ENDED.bound
      : BOUND_AND_ALLOWED
  return ((await deps.binding.isByCard(pendingId)) ? ENDED_BY_CARD[end] : undefined) ?? ENDED[end]
}

type Missed = { chat: Chat; sourceId: string; pausedUntil: Date | null }

/** Who came in by the link needs no digits any more: what it opened is told, or is about to be (D24). */
export async function tellMissed(deps: KfDeps, missed: Missed): Promise<void> {
  const { chat, sourceId } = missed
  const text = await toMissedText(deps, missed)
  if (text !== null) await say(deps, { chat, what: 'code-missed', sourceId, text })
}

async function toMissedText(
  deps: KfDeps,
  { chat: { externalUserId }, pausedUntil }: Missed,
): Promise<string | null> {
  const attempt = await deps.binding.findOpenAttempt(externalUserId)
  if (attempt === 'card_sent') return TAP_THE_CARD
  if (attempt === 'checking') return null
  if (pausedUntil) return toPausedText(pausedUntil, deps.clock())
  return (await deps.customers.isBoundContact(deps.db, externalUserId))
    ? BOUND_ALREADY
    : CODE_INVALID
}

export async function greet(
  deps: KfDeps,
  { welcomeCode, enteredAt }: { welcomeCode: string; enteredAt: Date },
): Promise<void> {
  if (deps.clock().getTime() - enteredAt.getTime() > EVENT_CODE_LIFE_MS) return
  const sent = await deps.platforms.kf.sendOnEvent(welcomeCode, { kind: 'text', text: GREETING })
  if (sent.kind === 'refused')
    deps.log.info({ reason: sent.reason, errcode: sent.errcode }, 'a greeting could not be sent')
}

type Confirmation = {
  chat: Chat
  pendingId: string
  ticketId: string
  event: EventCode | null
}

/** Only what has been sent is told as sent; until the next try nobody is left with a page that waits for nothing (D23). */
export async function confirm(deps: KfDeps, asked: Confirmation): Promise<void> {
  try {
    const outcome = await sendConfirmation(deps, asked)
    if (outcome === 'sent') await deps.binding.noteAsked(asked.pendingId)
    if (outcome === 'refused') await noteBlocked(deps, asked)
  } catch (error) {
    await deps.binding.noteBlocked(asked.pendingId, 'say_anything')
    throw error
  }
}

async function sendConfirmation(
  deps: KfDeps,
  { chat, pendingId, ticketId, event }: Confirmation,
): Promise<'sent' | 'refused' | 'over'> {
  const confirmation = await deps.binding.readConfirmation(pendingId, ticketId)
  if (!confirmation) return 'over'
  const msgid = msgidFor('confirm', ticketId)
  const menu: KfMenu = {
    head: confirmation.byCard ? CONFIRM.headByCard : CONFIRM.head,
    items: [
      {
        kind: 'mini-program',
        appId: deps.miniAppId,
        pagePath: `pages/bind/bind?ticket=${confirmation.ticket}`,
        text: CONFIRM.open,
      },
      { kind: 'click', id: denyMenuId(pendingId), text: CONFIRM.deny },
    ],
    tail: CONFIRM.tail,
  }
  const code = event && event.until > deps.clock() ? event.code : confirmation.welcomeCode
  const onEvent =
    code === null
      ? null
      : await deps.platforms.kf.sendOnEvent(code, { kind: 'menu', ...menu }, msgid)
  if (onEvent?.kind === 'sent') return 'sent'
  const sent = await deps.platforms.kf.sendMenu({ ...chat, msgid, ...menu })
  if (sent.kind === 'refused')
    deps.log[levelOf(sent)](
      { reason: sent.reason, errcode: sent.errcode, ofTheCode: onEvent?.errcode },
      'a confirmation could not be sent',
    )
  return sent.kind
}

/** The bot may not write while a human has the chat: the page says so, and the servicer is told what will happen. */
async function noteBlocked(deps: KfDeps, { chat, pendingId }: Confirmation): Promise<void> {
  const { state, servicerUserId } = await lookAtSession(deps, chat)
  await deps.binding.noteBlocked(pendingId, isWithPeople(state) ? 'human_serving' : 'say_anything')
  if (servicerUserId !== undefined) await hintServicer(deps, servicerUserId)
}

/** The page is told already; a hint that fails changes nothing of that. */
async function hintServicer(deps: KfDeps, userId: string): Promise<void> {
  try {
    await deps.platforms.messages.sendText({ toUsers: [userId], text: SERVICER_HINT })
  } catch (error) {
    deps.log.warn({ err: error }, 'a servicer could not be told that a customer binds himself')
  }
}

type Asked = { chat: Chat; sourceId: string }

export async function askUnbind(deps: KfDeps, { chat, sourceId }: Asked): Promise<void> {
  if (!(await deps.customers.isBoundContact(deps.db, chat.externalUserId)))
    return say(deps, { chat, what: 'not-bound', sourceId, text: NOT_BOUND })
  const items: KfMenu['items'] = [
    { kind: 'click', id: unbindMenuId(deps.clock()), text: UNBIND_QUESTION.yes },
    { kind: 'click', id: 'keep', text: UNBIND_QUESTION.no },
  ]
  const sent = await deps.platforms.kf.sendMenu({
    ...chat,
    msgid: msgidFor('unbind', sourceId),
    head: UNBIND_QUESTION.head,
    items,
  })
  if (sent.kind === 'refused')
    deps.log.info({ reason: sent.reason, errcode: sent.errcode }, 'a chat reply could not be sent')
}

/** Another app of a WeChat user who is tied already is told of in that app alone. */
export async function tellTied(deps: KfDeps, tieId: number): Promise<void> {
  const tie = await deps.ties.newsOf(deps.db, tieId)
  if (!tie?.silent || tie.furtherApp || tie.endedAt !== null) return
  await sayWhereHeWrote(deps, {
    externalUserId: tie.externalUserId,
    what: 'tied',
    sourceId: String(tieId),
    text: toTiedText(tie),
  })
}

type Unbound = { externalUserId: string; sourceId: string; by?: UnboundBy | undefined }

/** `by` is undefined in an order of the last version. */
export function tellUnbound(
  deps: KfDeps,
  { externalUserId, sourceId, by = 'contact' }: Unbound,
): Promise<void> {
  return sayWhereHeWrote(deps, {
    externalUserId,
    what: 'unbound',
    sourceId: `${externalUserId}:${sourceId}`,
    text: UNBOUND[by],
  })
}

type News = { externalUserId: string; what: string; sourceId: string; text: string }

async function sayWhereHeWrote(deps: KfDeps, { externalUserId, ...news }: News): Promise<void> {
  const openKfId = await findLastChat(deps.db, externalUserId)
  if (openKfId !== undefined) await say(deps, { chat: { openKfId, externalUserId }, ...news })
}

export async function tellProgress(deps: KfDeps, { chat, sourceId }: Asked): Promise<void> {
  const items = await deps.projects.listForContact(chat.externalUserId)
  const text =
    items !== null
      ? items.length === 0
        ? NO_PROJECTS
        : toProgressText(items)
      : (await deps.customers.isBoundContact(deps.db, chat.externalUserId))
        ? NOT_ALLOWED_YET
        : NOT_BOUND
  await say(deps, { chat, what: 'progress', sourceId, text })
}
