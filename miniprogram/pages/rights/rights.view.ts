import { formatMoment } from '../../lib/format.ts'
import type { RightsKind, RightsRequest } from '../../services/rights.ts'

export type RightsView = Record<RightsKind, Standing>
type Standing = {
  /** What became of the latest request; empty: there was none. */
  text: string
  note: string
  tone: 'wait' | 'done' | 'no'
  mayAsk: boolean
}

const NOTHING: Standing = { text: '', note: '', tone: 'done', mayAsk: true }

const DONE: Record<RightsKind, string> = {
  export: '工作人员会通过客服聊天或电话把副本交给您。',
  erase: '已经删除。',
}

/** How the latest request of each kind stands. */
export function toRightsView(requests: readonly RightsRequest[], now: number): RightsView {
  const latest = (kind: RightsKind): RightsRequest | undefined =>
    requests.find((one) => one.kind === kind)
  return { export: toStanding(latest('export'), now), erase: toStanding(latest('erase'), now) }
}

function toStanding(request: RightsRequest | undefined, now: number): Standing {
  if (request === undefined) return NOTHING
  const { kind, state, requestedAt, closedAt = requestedAt, reason } = request
  if (state === 'open')
    return {
      text: `已申请（${formatMoment(requestedAt, now)}）`,
      note: '工作人员会在 15 个工作日内处理，无需重复申请。',
      tone: 'wait',
      mayAsk: false,
    }
  if (state === 'declined')
    return {
      text: `没有通过（${formatMoment(closedAt, now)}）`,
      note: reason === undefined ? '如有疑问，请到「我的」里联系客服。' : `原因：${reason}`,
      tone: 'no',
      mayAsk: true,
    }
  return {
    text: `已处理（${formatMoment(closedAt, now)}）`,
    note: DONE[kind],
    tone: 'done',
    mayAsk: true,
  }
}
