import type { ProjectDetail } from '../../../shared/api/projects.ts'
import { toMilestone } from '../../../shared/stages.ts'
import type { Kind } from './kind.ts'
import type { NoticeOf } from './ledger.store.ts'
import type { NoticesDeps } from './notices.deps.ts'
import { OPEN_PROJECT, STAGE_NOTE, toStageText } from './notices.texts.ts'
import { order } from './ordering.ts'
import * as store from './stages.store.ts'
import { toMessage } from './subscribe-message.ts'
import { findTied } from './ties.store.ts'

/** A project has moved on: everybody who may see it is told, once for each stage, when customers may be disturbed. */
export const tellStage = (
  deps: NoticesDeps,
  { projectId, stage: name }: { projectId: string; stage: string },
): Promise<void> =>
  order(deps, 'customer', async ({ db }) =>
    (await store.pageAudience(db, projectId)).map((accountId) => ({
      kind: 'stage',
      subject: `${projectId}:${name}`,
      accountId,
      projectId,
      stage: name,
    })),
  )

type StageNotice = NoticeOf<'stage'>
const NO_RIGHT = 'no right any more'

/** What he may not see any more, and a stage that is over, are told to nobody. */
export const stage: Kind<StageNotice> = {
  for: 'customer',
  look: async (deps, notice) => {
    const { accountId, projectId, stage: name } = notice
    const project = await deps.projects.findFor(accountId, projectId)
    const tied = await findTied(deps.db, accountId)
    if (typeof project === 'string' || !tied) return { dropped: NO_RIGHT }
    if (toMilestone(project.stages) !== name) return { dropped: 'another stage by now' }
    return {
      message: await toStageMessage(deps, notice, project),
      chat: {
        externalUserId: tied.externalUserId,
        text: toStageText({ title: project.title, stage: name }),
        page: {
          page: `pages/project-detail/project-detail?id=${project.id}`,
          text: OPEN_PROJECT,
        },
      },
      member: toMember(notice, tied.customerId),
    }
  },
}

const toStageMessage = (
  deps: NoticesDeps,
  { app, openid, stage: name, orderedAt: at }: StageNotice,
  { id, title, orderNo }: ProjectDetail,
) =>
  toMessage(deps, {
    template: 'stage',
    to: { app, openid },
    id,
    at,
    values: { project: title, orderNo, stage: name, at, note: STAGE_NOTE },
  })

/** Once for each customer. */
const toMember = ({ projectId, stage: name, subject }: StageNotice, customerId: number) => ({
  target: `${String(customerId)}:${subject}`,
  fact: 'customer.not-reached' as const,
  unreached: { customerId, name: null, projectId, title: null, stage: name, userId: null },
})
