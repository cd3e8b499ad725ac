import type { AdvisorMe } from '../../../shared/api/advisors.ts'
import type { Secrets } from '../../lib/secrets.ts'
import type { Notices } from '../notices/notices.ts'
import type { Advisors } from './advisors.ts'

type Deps = {
  advisors: Pick<Advisors, 'findOf' | 'showCard'>
  notices: Pick<Notices, 'listFor' | 'noteReported'>
  secrets: Pick<Secrets, 'hmac'>
  clock: () => Date
}
export type Answer = {
  accountId: number
  openid: string
  advisorId: string
  /** Whom the caller says that he is; undefined: he does not. */
  saidOpenid: string | undefined
  templateId: string
  /** What `wx.requestSubscribeMessage` answered. */
  word: string
}
export type Noted =
  | { kind: 'noted'; id: string; at: Date }
  | {
      kind: 'refused'
      reason: 'not_one' | 'other_openid' | 'other_advisor' | 'unknown_template'
    }

/** What an advisor himself does in the mini-program: sees who he is, and lets himself be told. Keeps nothing of its own. */
export const createAdvisorDesk = (deps: Deps) => ({
  /** Null: this account is no advisor's, or of one who is not there for customers. */
  me: (accountId: number) => me(deps, accountId),
  /** R2.3: what he answered when he was asked whether he may be told. */
  noteAnswer: (answer: Answer) => noteAnswer(deps, answer),
})
export type AdvisorDesk = ReturnType<typeof createAdvisorDesk>

async function me({ advisors, notices }: Deps, accountId: number): Promise<AdvisorMe | null> {
  const own = await advisors.findOf(accountId)
  if (!own?.active) return null
  const offered = await notices.listFor(accountId)
  const remaining = offered.flatMap((one) =>
    one.for === 'advisor' ? [[one.templateId, one.remaining] as const] : [],
  )
  return {
    advisor: await advisors.showCard(own.advisorId),
    remaining: Object.fromEntries(remaining),
  }
}

async function noteAnswer(deps: Deps, answer: Answer): Promise<Noted> {
  const { accountId, templateId, word } = answer
  const refused = await findRefusal(deps, answer)
  if (refused !== null) return { kind: 'refused', reason: refused }
  await deps.notices.noteReported({ accountId, results: { [templateId]: word } })
  const mark = deps.secrets.hmac('advisor.subscription', `${String(accountId)}:${templateId}`)
  return { kind: 'noted', id: mark.toString('hex').slice(0, 24), at: deps.clock() }
}

async function findRefusal(
  { advisors, notices }: Deps,
  { accountId, openid, saidOpenid, advisorId, templateId }: Answer,
): Promise<Extract<Noted, { kind: 'refused' }>['reason'] | null> {
  if (saidOpenid !== undefined && saidOpenid !== openid) return 'other_openid'
  const own = await advisors.findOf(accountId)
  if (!own?.active) return 'not_one'
  if (own.advisorId !== advisorId) return 'other_advisor'
  const offered = await notices.listFor(accountId)
  const isHis = offered.some((one) => one.for === 'advisor' && one.templateId === templateId)
  return isHis ? null : 'unknown_template'
}
