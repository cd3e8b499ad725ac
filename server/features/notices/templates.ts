import type { Settings } from '../../../shared/api/settings.ts'
import { NOTICES, type NoticeKind } from '../../../shared/notices.ts'
import { countLeft } from './consents.store.ts'
import type { NoticesDeps } from './notices.deps.ts'
import { findTemplateProblems } from './templates.rules.ts'

export type Offered = {
  templateId: string
  kind: NoticeKind
  title: string
  for: 'advisor' | 'customer'
  remaining: number
}

/** What somebody may consent to, and how many messages he has left of each; what advisors are told, nobody else is asked for. */
export async function listFor(
  { db, settings, advisors }: Pick<NoticesDeps, 'db' | 'settings' | 'advisors'>,
  accountId: number,
): Promise<Offered[]> {
  const [{ noticeTemplates }, left, advisor] = await Promise.all([
    settings.read(),
    countLeft(db, accountId),
    advisors.findOf(accountId),
  ])
  return kindsOf(noticeTemplates)
    .map(([kind, { templateId, title }]) => ({
      templateId,
      kind,
      title,
      for: NOTICES[kind].for,
      remaining: left.get(templateId) ?? 0,
    }))
    .filter((offered) => offered.for === 'customer' || advisor?.active === true)
}

type Template = NonNullable<Settings['noticeTemplates'][NoticeKind]>

const kindsOf = (templates: Settings['noticeTemplates']): [NoticeKind, Template][] =>
  (Object.keys(NOTICES) as NoticeKind[]).flatMap((kind) => {
    const template = templates[kind]
    return template === null ? [] : [[kind, template]]
  })

/** Holds the templates of the settings against those that the mini-program has at WeChat; a difference is a WARN, and so is no answer. */
export async function checkTemplates(deps: NoticesDeps): Promise<void> {
  const { noticeTemplates } = await deps.settings.read()
  const ours = kindsOf(noticeTemplates).map(([, template]) => template)
  if (ours.length === 0) return
  try {
    const theirs = await deps.platforms.subscribe.listTemplates()
    for (const problem of findTemplateProblems(ours, theirs))
      deps.log.warn(problem, 'a template of subscribe messages does not fit its settings')
  } catch (error) {
    deps.log.warn({ err: error }, 'the templates of subscribe messages could not be looked at')
  }
}
