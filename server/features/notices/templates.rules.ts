import { isPage } from '../../../shared/notices.ts'
import type { SubscribeTemplate } from '../../outside/weixin/subscribe.ts'

type Ours = { templateId: string; page: string; fields: Readonly<Record<string, string>> }

export type TemplateProblem = {
  templateId: string
  problem: 'not_there' | 'not_one_time' | 'other_keys' | 'no_page'
  /** Of `other_keys`: those of only one side. */
  keys?: string[]
}

/** What is wrong with the templates of the settings, held against those that the mini-program has. */
export const findTemplateProblems = (
  ours: readonly Ours[],
  theirs: readonly SubscribeTemplate[],
): TemplateProblem[] =>
  ours.flatMap((one) => {
    const { templateId } = one
    const found = theirs.find((template) => template.templateId === templateId)
    const problems: TemplateProblem[] = isPage(one.page) ? [] : [{ templateId, problem: 'no_page' }]
    if (!found) return [...problems, { templateId, problem: 'not_there' }]
    if (!found.isOneTime) problems.push({ templateId, problem: 'not_one_time' })
    const keys = findDifferent(Object.keys(one.fields), found.keys)
    if (keys.length > 0) problems.push({ templateId, problem: 'other_keys', keys })
    return problems
  })

const findDifferent = (some: readonly string[], others: readonly string[]): string[] => [
  ...some.filter((key) => !others.includes(key)),
  ...others.filter((key) => !some.includes(key)),
]
