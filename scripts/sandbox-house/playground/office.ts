import type * as v from 'valibot'
import type { ProjectBody } from '../../../shared/api/projects.ts'
import type { HandOverBody, StaffAnswerBody } from '../../../shared/api/questions.ts'
import type { Advisors } from '../../../server/features/advisors/advisors.ts'
import type { Projects } from '../../../server/features/projects/projects.ts'
import type { Questions } from '../../../server/features/questions/questions.ts'
import type { Remedies } from '../../../server/features/remedies/remedies.ts'
import type { Answer } from './sandbox-control.ts'

export type OfficeDeps = {
  projects: Pick<Projects, 'save'>
  questions: Pick<Questions, 'answer' | 'takeBack'>
  remedies: Pick<Remedies, 'handOver'>
  advisors: Pick<Advisors, 'invite'>
}
type Asked = { id: number; userId: string }

const NAME = 'playground'
const SAID = '演示台上的回答'

/** What people in the office do while a scene is played: the same rooms as behind the admin API and the staff pages, without their keys. */
export function createOffice({ projects, questions, remedies, advisors }: OfficeDeps) {
  const by = (name: string, what: string) => ({ name, requestId: `${NAME}-${what}` })
  return {
    /** The company's own program loads an order. */
    load: (orderNo: string, body: ProjectBody) =>
      projects.save(orderNo, body, { operator: by(NAME, orderNo) }),
    /** Somebody in the office sends an advisor his invitation. */
    inviteAdvisor: async (advisorId: string): Promise<Answer> => {
      const invited = await advisors.invite({ advisorId, by: by(NAME, `invite-${advisorId}`) })
      if (invited.kind === 'refused') return refuse(invited.reason)
      const miniprogramPath = `pages/customer/join?invite=${invited.invite}`
      return { status: 200, body: { miniprogramPath } }
    },
    /** A member says whose a number is, if he is asked. */
    answer: async (
      { id, userId }: Asked,
      { reason, ...answer }: v.InferOutput<typeof StaffAnswerBody>,
    ): Promise<Answer> => {
      const answered = await questions.answer(
        { id, userId },
        { ...answer, reason: reason ?? SAID },
        by(userId, `answer-${String(id)}`),
      )
      return answered.kind === 'answered' ? { status: 200, body: answered } : refuse(answered.kind)
    },
    /** He thinks again. */
    takeBack: async ({ id, userId }: Asked): Promise<Answer> => {
      const took = await questions.takeBack({ id, userId }, by(userId, `take-back-${String(id)}`))
      return took === 'taken_back' ? { status: 200, body: { kind: took } } : refuse(took)
    },
    /** An admin gives a number to somebody else, or tries what that would do. */
    handOver: async ({
      since,
      reason,
      operatorUserid,
      ...hand
    }: v.InferOutput<typeof HandOverBody>): Promise<Answer> => {
      const handed = await remedies.handOver(
        { ...hand, since: new Date(since) },
        { reason, operator: { key: NAME, userid: operatorUserid, requestId: `${NAME}-hand-over` } },
      )
      return handed.kind === 'handed' ? { status: 200, body: handed } : refuse(handed.reason)
    },
  }
}

const REFUSALS: Readonly<Record<string, string>> = {
  unknown: '没有这个问题，或已处理',
  taken: '已经有人回答了',
  too_late: '回答已经生效，不能撤回',
  not_yours: '这个回答是别人给的',
  in_future: '时间不能晚于现在',
}

const refuse = (why: string): Answer => ({ status: 409, body: { error: REFUSALS[why] ?? why } })
