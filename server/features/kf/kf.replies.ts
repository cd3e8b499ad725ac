import { createHash } from 'node:crypto'
import type { KfMenu } from '../../outside/wecom/kf.ts'
import type { BindingEnd } from '../facts.ts'
import type { KfDeps } from './kf.deps.ts'
import { denyMenuId, WELCOME_LIFE_MS } from './kf.rules.ts'
import { CODE_INVALID, CONFIRM, ENDED, GREETING, NOBODY_ON_DUTY, TO_HUMAN } from './kf.texts.ts'

export type Chat = { openKfId: string; externalUserId: string }

/** The platform's name for one reply to one cause: a repeated job cannot say the same thing twice. */
const msgidFor = (what: string, sourceId: string): string => createHash('sha256').update(`${what}:${sourceId}`).digest('base64url').slice(0, 32)

export async function tell(deps: KfDeps, chat: Chat, what: 'code-missed' | BindingEnd, sourceId: string): Promise<void> {
  const text = what === 'code-missed' ? CODE_INVALID : ENDED[what]
  const msgid = msgidFor(what, sourceId)
  const welcomeCode = what === 'code-missed' ? null : await deps.binding.readWelcome(sourceId)
  if (welcomeCode !== null && (await deps.wecom.sendOnEvent(welcomeCode, { kind: 'text', text }, msgid)).kind === 'sent') return
  const sent = await deps.wecom.sendText({ ...chat, msgid, text })
  if (sent.kind === 'refused') deps.log.info({ what, reason: sent.reason }, 'a chat reply could not be sent')
}

export async function greet(deps: KfDeps, { welcomeCode, enteredAt }: { welcomeCode: string; enteredAt: Date }): Promise<void> {
  if (deps.clock().getTime() - enteredAt.getTime() > WELCOME_LIFE_MS) return
  const sent = await deps.wecom.sendOnEvent(welcomeCode, { kind: 'text', text: GREETING })
  if (sent.kind === 'refused') deps.log.info({ reason: sent.reason }, 'a greeting could not be sent')
}

export async function confirm(deps: KfDeps, chat: Chat, { pendingId, ticketId }: { pendingId: string; ticketId: string }): Promise<void> {
  const confirmation = await deps.binding.readConfirmation(pendingId, ticketId)
  if (!confirmation) return
  const msgid = msgidFor('confirm', ticketId)
  const menu: KfMenu = {
    head: CONFIRM.head,
    items: [
      { kind: 'mini-program', appId: deps.miniAppId, pagePath: `pages/bind/bind?ticket=${confirmation.ticket}`, text: CONFIRM.open },
      { kind: 'click', id: denyMenuId(pendingId), text: CONFIRM.deny },
    ],
    tail: CONFIRM.tail,
  }
  const { welcomeCode } = confirmation
  if (welcomeCode !== null && (await deps.wecom.sendOnEvent(welcomeCode, { kind: 'menu', ...menu }, msgid)).kind === 'sent') return
  const sent = await deps.wecom.sendMenu({ ...chat, msgid, ...menu })
  if (sent.kind === 'refused' && sent.reason !== 'duplicate') await noteBlocked(deps, chat, pendingId)
}

async function noteBlocked(deps: KfDeps, chat: Chat, pendingId: string): Promise<void> {
  const { state } = await deps.wecom.serviceState(chat)
  await deps.binding.noteBlocked(pendingId, state === 'human' || state === 'queue' ? 'human_serving' : 'say_anything')
}

/** Only a session that waits for us is handed over; one that a human has stays where it is. */
export async function toHuman(deps: KfDeps, chat: Chat, sourceId: string): Promise<void> {
  const { state } = await deps.wecom.serviceState(chat)
  if (state !== 'unhandled' && state !== 'assistant') return
  const moved = await deps.wecom.transferTo({ ...chat, state: 'queue' })
  if (moved.kind === 'moved') {
    if (moved.msgCode !== undefined) await deps.wecom.sendOnEvent(moved.msgCode, { kind: 'text', text: TO_HUMAN }, msgidFor('to-human', sourceId))
    return
  }
  deps.log.warn({ reason: moved.reason, openKfId: chat.openKfId }, 'a customer could not be handed to a human')
  await deps.wecom.sendText({ ...chat, msgid: msgidFor('nobody', sourceId), text: NOBODY_ON_DUTY })
}
