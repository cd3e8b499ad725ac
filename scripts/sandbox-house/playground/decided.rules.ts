import { ms, type Entry } from './timeline.rules.ts'
import * as words from './playground.words.rules.ts'

const { wordOf } = words

// What the server made of it: evidence, decisions, contacts, reviews.

export type EvidenceRow = {
  id: number
  at: Date
  kind: string
  openid: string | null
  externalUserId: string | null
  phone: string | null
  member: string | null
  revokedAt: Date | null
  revokedReason: string | null
}
export type DecisionRow = {
  id: number
  at: Date
  openid: string | null
  externalUserId: string | null
  phone: string | null
  decision: string
  outcome: string
  actor: string
  reason: string | null
  moved: string[] | null
  stay: string[] | null
}
export type NoticeRow = { kind: string; subject: string; at: Date; openid: string }
export type FollowEventRow = {
  id: number
  at: Date
  type: string
  externalUserId: string
  member: string
  addWay: number | null
}
export type StandingRow = { externalUserId: string; status: string; mayQuery: boolean }

export const fromNotice = ({ kind, subject, at, openid }: NoticeRow): Entry => ({
  key: `notice-${kind}-${subject}`,
  at: ms(at),
  lane: 'decided',
  tone: kind === 'bound' ? 'good' : 'plain',
  title: `公众号：${wordOf(words.NOTICES, kind)}`,
  note: '只在微信允许主动发消息的时间里，且只说一次',
  openid,
})

export function fromEvidence(row: EvidenceRow, after: number): Entry[] {
  const known = words.EVIDENCE[row.kind]
  const who = {
    ...(row.openid !== null && { openid: row.openid }),
    ...(row.externalUserId !== null && { externalUserId: row.externalUserId }),
    ...(row.member !== null && { member: row.member }),
  }
  const base = { lane: 'decided' as const, evidence: known?.id ?? row.kind, ...who }
  const noted: Entry = {
    ...base,
    key: `evidence-${String(row.id)}`,
    at: ms(row.at),
    tone: 'good',
    title: `记下证据：${known?.text ?? row.kind}`,
    ...(row.phone !== null && { note: row.phone }),
  }
  const revoked: Entry[] =
    row.revokedAt === null
      ? []
      : [
          {
            ...base,
            key: `evidence-end-${String(row.id)}`,
            at: ms(row.revokedAt),
            tone: 'bad',
            title: '证据失效',
            note: wordOf(words.REVOKED, row.revokedReason ?? ''),
          },
        ]
  return [noted, ...revoked].filter((entry) => entry.at > after)
}

const BAD = new Set(['refuse', 'untie', 'suspend', 'revoke', 'hand over'])
const MEMBER = /^[a-z][a-z0-9_.@-]*$/

/** Who did it, if that was a member: keys of admins and our own tables have names of other kinds. */
export const memberOf = (actor: string): Pick<Entry, 'member'> =>
  MEMBER.test(actor) && actor !== 'contact' && actor !== 'playground' ? { member: actor } : {}

function toOutcome({ phone, reason, moved, stay }: DecisionRow): string | null {
  if (moved === null || stay === null)
    return phone ?? (reason === null ? null : wordOf(words.ENDINGS, reason))
  const list = (orderNos: readonly string[]): string =>
    orderNos.length === 0 ? '无' : orderNos.join('、')
  return `${phone ?? ''} 转走：${list(moved)}；留给他：${list(stay)}`.trim()
}

export function fromDecision(row: DecisionRow): Entry {
  const { id, at, openid, externalUserId, decision, outcome, actor } = row
  const note = toOutcome(row)
  const table = words.tableOf(decision)
  return {
    key: `decision-${String(id)}`,
    at: ms(at),
    lane: 'decided',
    tone: BAD.has(outcome) ? 'bad' : 'good',
    ...(table !== undefined && { table }),
    title: `${wordOf(words.OUTCOMES, outcome)}：${wordOf(words.DECISIONS, decision)}`,
    ...(note !== null && { note }),
    ...(openid !== null && { openid }),
    ...(externalUserId !== null && { externalUserId }),
    ...memberOf(actor),
  }
}

export function fromFollowEvent({
  id,
  at,
  type,
  externalUserId,
  member,
  addWay,
}: FollowEventRow): Entry | null {
  if (type !== 'add_external_contact') return null
  const isSearch = addWay === 2
  return {
    key: `follow-${String(id)}`,
    at: ms(at),
    lane: 'decided',
    tone: isSearch ? 'good' : 'wait',
    title: `核对添加方式：${wordOf(words.ADD_WAYS, String(addWay))}（add_way ${String(addWay)}）`,
    note: isSearch
      ? '再看是不是成员搜索、备注里是否只有一个号码'
      : '不是手机号搜索，不能证明手机号',
    externalUserId,
    member,
  }
}

export const fromReview = ({
  id,
  at,
  kind,
  externalUserId,
}: {
  id: number
  at: Date
  kind: string
  externalUserId: string | null
}): Entry => ({
  key: `review-${String(id)}`,
  at: ms(at),
  lane: 'decided',
  tone: 'bad',
  title: `请人工核实：${wordOf(words.REVIEWS, kind)}`,
  ...(externalUserId !== null && { externalUserId }),
})
