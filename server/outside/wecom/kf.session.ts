import { isOfTheTrade, refusing, type KfRefused, type KfRefusals } from './kf.refusals.ts'
import type { WecomCall } from './wecom.call.ts'
import { WECOM_ERRCODE as CODE } from './wecom.errors.ts'
import { integer, present, text } from './wecom.read.ts'

const STATES = ['unhandled', 'assistant', 'queue', 'human', 'ended'] as const
/** `ended` also means not begun: the customer has come in but has not written yet. */
type KfState = (typeof STATES)[number]

/** `no_servicer`: the account has nobody; `nobody_on_duty`: it has, but not now; `not_allowed`: not from where the session is. */
export type KfMoved =
  | { kind: 'moved'; msgCode?: string }
  | KfRefused<'no_servicer' | 'nobody_on_duty' | 'not_allowed' | 'other'>

const MOVE_REFUSALS: KfRefusals<KfMoved> = {
  [CODE.kfNotAServicer]: 'no_servicer',
  [CODE.kfServicerAway]: 'nobody_on_duty',
  [CODE.kfBadTransition]: 'not_allowed',
}

/** Who serves a chat: we, or people. */
export function createKfSession(call: Pick<WecomCall, 'ask' | 'tell'>) {
  return { serviceState, transferTo }

  /** https://developer.work.weixin.qq.com/document/path/94698 */
  async function serviceState(of: { openKfId: string; externalUserId: string }) {
    const answer = await call.ask('/cgi-bin/kf/service_state/get', {
      open_kfid: of.openKfId,
      external_userid: of.externalUserId,
    })
    const number = integer(answer, 'service_state') ?? -1
    const state: KfState | `other:${number}` = STATES[number] ?? `other:${number}`
    return { state, ...present({ servicerUserId: text(answer, 'servicer_userid') }) }
  }

  /**
   * Hands the session over; `human` needs a servicer. 95016: not allowed from where it is; 95014, 95019: no servicer, or away. The
   * msgCode lets one message be sent on it. https://developer.work.weixin.qq.com/document/path/94698
   */
  async function transferTo(to: {
    openKfId: string
    externalUserId: string
    state: KfState
    servicerUserId?: string
  }): Promise<KfMoved> {
    const body = present({
      open_kfid: to.openKfId,
      external_userid: to.externalUserId,
      service_state: STATES.indexOf(to.state),
      servicer_userid: to.servicerUserId,
    })
    return refusing<KfMoved>(MOVE_REFUSALS, isOfTheTrade, async () => ({
      kind: 'moved',
      ...present({
        msgCode: text(await call.tell('/cgi-bin/kf/service_state/trans', body), 'msg_code'),
      }),
    }))
  }
}
