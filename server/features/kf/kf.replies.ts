import { createHash } from 'node:crypto'
import type { ProjectQuestion } from '../../../shared/project-texts.ts'
import type { Told } from '../../../shared/why-customer.ts'
import { toSentences } from '../../../shared/why.ts'
import type { KfMenu } from '../../outside/wecom/kf.sending.ts'
import type { BindingEnd, EventCode, UnboundBy } from '../facts.ts'
import type { KfDeps } from './kf.deps.ts'
import { denyMenuId, KEEP_MENU_ID, EVENT_CODE_LIFE_MS, unbindMenuId } from './kf.rules.ts'
import { isWithPeople, lookAtSession, type Chat } from './kf.session.ts'
import { findLastChat } from './kf.store.ts'
import {
  BOUND_ALREADY,
  BOUND_AND_ALLOWED,
  CODE_INVALID,
  CONFIRM,
  CONFIRM_HEAD,
  ENDED,
  ENDED_BY_CARD,
  GREETING,
  GREETING_BOUND,
  MORE,
  KEPT,
  NOT_BOUND,
  OVER,
  RAN_OUT,
  SERVICER_HINT,
  STATE_PHONE,
  TAP_THE_CARD,
  toBoundText,
  toPausedText,
  toTiedText,
  UNBIND_QUESTION,
  UNBOUND,
} from './kf.texts.ts'

/** The platform's name for one reply to one cause: a repeated job cannot say the same thing twice. */
export const msgidFor = (what: string, sourceId: string): string =>
  createHash('sha256').update(`${what}:${sourceId}`).digest('base64url').slice(0, 32)

/** `page`: where an item below the words leads, in the mini-program. */
type Reply = {
  chat: Chat
  what: string
  sourceId: string
  text: string
  page?: Page | undefined
}
type Page = { page: string; text: string }

async function say(deps: KfDeps, { chat, what, sourceId, text, page }: Reply): Promise<void> {
  const to = { ...chat, msgid: msgidFor(what, sourceId) }
  const sent = await (page === undefined
    ? deps.platforms.kf.sendText({ ...to, text })
    : deps.platforms.kf.sendMenu({ ...to, ...toMenu(deps, text, page) }))
  if (sent.kind === 'sent') return
  deps.log[levelOf(sent)](
    { what, reason: sent.reason, errcode: sent.errcode },
    'a chat reply could not be sent',
  )
  if (sent.reason === 'state_forbids') await lookAtSession(deps, chat)
}

const toMenu = ({ miniAppId }: KfDeps, head: string, { page, text }: Page): KfMenu => ({
  head,
  items: [{ kind: 'mini-program', appId: miniAppId, pagePath: page, text }],
})

/** A number that we do not know may mean that something is wrong with the installation. */
const levelOf = ({ reason }: { reason: string }): 'info' | 'warn' =>
  reason === 'other' ? 'warn' : 'info'

type Ended = { chat: Chat; end: BindingEnd; pendingId: string }

export async function tellEnd(deps: KfDeps, ended: Ended): Promise<void> {
  const { chat, end, pendingId } = ended
  const words = await toEndWords(deps, ended)
  if (words === null) return
  const welcomeCode = await deps.binding.readWelcome(pendingId)
  const onEntering =
    welcomeCode === null
      ? null
      : await deps.platforms.kf.sendOnEvent(
          welcomeCode,
          words.page
            ? { kind: 'menu', ...toMenu(deps, words.text, words.page) }
            : { kind: 'text', text: words.text },
          msgidFor(end, pendingId),
        )
  if (onEntering?.kind !== 'sent')
    await say(deps, { chat, what: end, sourceId: pendingId, ...words })
}

type Words = Pick<Reply, 'text' | 'page'>

/** What somebody else tried is told once, however often he tries it on one day: null then. */
async function toEndWords(
  deps: KfDeps,
  { chat: { externalUserId }, end, pendingId }: Ended,
): Promise<Words | null> {
  if (end === 'bound') return toBoundWords(deps, externalUserId)
  if (end === 'opened_by_other' && (await deps.binding.wasFoiledBefore(pendingId))) return null
  const byCard = (await deps.binding.findOrigin(pendingId)) === 'welcome'
  return { text: (byCard ? ENDED_BY_CARD[end] : undefined) ?? ENDED[end] }
}

/** Who was found by his phone before he bound himself waits for nobody; others read what is still missing. */
async function toBoundWords(deps: KfDeps, externalUserId: string): Promise<Words | null> {
  const told = await deps.reasons.tellContact(deps.db, externalUserId)
  // It has ended again since, which is told by itself.
  if (told === null) return null
  if (told.step === 'view_projects') return { text: BOUND_AND_ALLOWED }
  return { text: toBoundText(told.why.nextStep), page: toPage(told) }
}

const toPage = ({ step }: Told): Page | undefined =>
  step === 'state_phone' ? STATE_PHONE : undefined

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
  const attempt = await deps.binding.findAttempt(externalUserId)
  if (attempt === 'card_sent') return TAP_THE_CARD
  if (attempt === 'checking') return null
  if (pausedUntil) return toPausedText(pausedUntil, deps.clock())
  if (await deps.customers.isBoundContact(deps.db, externalUserId)) return BOUND_ALREADY
  return attempt === 'ran_out' ? RAN_OUT : CODE_INVALID
}

type Entered = { welcomeCode: string; enteredAt: Date; externalUserId: string | null }

export async function greet(
  deps: KfDeps,
  { welcomeCode, enteredAt, externalUserId }: Entered,
): Promise<void> {
  if (deps.clock().getTime() - enteredAt.getTime() > EVENT_CODE_LIFE_MS) return
  const isBound =
    externalUserId !== null && (await deps.customers.isBoundContact(deps.db, externalUserId))
  const text = isBound ? GREETING_BOUND : GREETING
  const sent = await deps.platforms.kf.sendOnEvent(welcomeCode, { kind: 'text', text })
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
    head: CONFIRM_HEAD[confirmation.origin],
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

/** An attempt that is over needs no 不是我 any more; what still can end does. */
export async function tellOver(deps: KfDeps, { chat, sourceId }: Asked): Promise<void> {
  const { externalUserId } = chat
  const isBound = await deps.customers.isBoundContact(deps.db, externalUserId)
  const attempt = await deps.binding.findAttempt(externalUserId)
  const text = attempt === 'card_sent' ? OVER.asked : isBound ? OVER.bound : OVER.unbound
  await say(deps, { chat, what: 'over', sourceId, text })
}

export async function askUnbind(deps: KfDeps, { chat, sourceId }: Asked): Promise<void> {
  if (!(await deps.customers.isBoundContact(deps.db, chat.externalUserId)))
    return say(deps, { chat, what: 'not-bound', sourceId, text: NOT_BOUND })
  const items: KfMenu['items'] = [
    { kind: 'click', id: unbindMenuId(deps.clock()), text: UNBIND_QUESTION.yes },
    { kind: 'click', id: KEEP_MENU_ID, text: UNBIND_QUESTION.no },
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

/** Also long after it was asked: meanwhile it may have ended. */
export async function tellKept(deps: KfDeps, { chat, sourceId }: Asked): Promise<void> {
  const isBound = await deps.customers.isBoundContact(deps.db, chat.externalUserId)
  await say(deps, { chat, what: 'kept', sourceId, text: isBound ? KEPT : NOT_BOUND })
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

/** What he may see of his projects, or why he may not and what he does about it. */
export async function tellProjects(
  deps: KfDeps,
  { chat, sourceId, about }: Asked & { about: ProjectQuestion },
): Promise<void> {
  const words = await toProjectWords(deps, chat.externalUserId, about)
  await say(deps, { chat, what: about, sourceId, ...words })
}

async function toProjectWords(
  { projects, reasons, db }: KfDeps,
  externalUserId: string,
  about: ProjectQuestion,
): Promise<Words> {
  const text = await projects.tellContact(externalUserId, { about, tail: MORE })
  if (text !== null) return { text }
  const told = await reasons.tellContact(db, externalUserId)
  return told === null
    ? { text: NOT_BOUND }
    : { text: `${toSentences(told.why)}。`, page: toPage(told) }
}
