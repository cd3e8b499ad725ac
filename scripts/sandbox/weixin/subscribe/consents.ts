import { ControlError } from '../../base/refusal.ts'
import type { Stage } from '../../world/stage.ts'
import type { Consent, Person, Subscriptions, Template, World } from '../../world/types.ts'
import { pushEvent } from './events.ts'

/** @see https://developers.weixin.qq.com/miniprogram/dev/api/open-api/subscribe-message/wx.requestSubscribeMessage.html */
export type Choice = 'accept' | 'reject'
export type Result = Choice | 'ban' | 'filter'
/** What the client's `fail` gets. */
type Failure = { errCode: number; errMsg: string }

/** The newest typings say 5, copies of the page 3 (platform-facts 7.1). */
const MOST_TEMPLATES = 3

export function subscriptionsOf(world: World, { personId }: Person): Subscriptions {
  return (world.subscriptions[personId] ??= { mainSwitch: true, consents: {} })
}

export function consentOf(world: World, person: Person, templateId: string): Consent {
  return (subscriptionsOf(world, person).consents[templateId] ??= { left: 0, kept: null })
}

export function findTemplate(world: World, templateId: string): Template | undefined {
  return Object.hasOwn(world.templates, templateId) ? world.templates[templateId] : undefined
}

/** What the client does with a call: refuses it, or settles some templates by itself and shows a dialog with the `open` ones. */
type Asked = { decided: Record<string, Result>; open: Template[] }

export function ask(
  { world }: Stage,
  person: Person,
  templateIds: string[],
): Asked | { error: Failure } {
  const templates = templateIds.flatMap((id) => findTemplate(world, id) ?? [])
  const error = refuse(templateIds, templates, subscriptionsOf(world, person))
  if (error !== undefined) return { error }
  const asked: Asked = { decided: {}, open: [] }
  const titles = new Set<string>()
  for (const template of templates) {
    const { templateId, title } = template
    const settled = world.settings.bannedTemplates.includes(templateId)
      ? 'ban'
      : titles.has(title)
        ? 'filter'
        : consentOf(world, person, templateId).kept
    titles.add(title)
    if (settled === null) asked.open.push(template)
    else asked.decided[templateId] = settled
  }
  return asked
}

function refuse(
  wanted: string[],
  known: Template[],
  { mainSwitch }: Subscriptions,
): Failure | undefined {
  if (wanted.length === 0) return failure(10001, "TmplIds can't be empty")
  if (wanted.length > MOST_TEMPLATES) return failure(20003, 'Templates count out of max bounds')
  if (known.length < wanted.length) return failure(20001, 'No template data return')
  if (!mainSwitch) return failure(20004, 'The main switch is switched off')
  return undefined
}

const failure = (errCode: number, words: string): Failure => ({
  errCode,
  errMsg: `requestSubscribeMessage:fail ${words}`,
})

type Answer = { choices: Record<string, Choice>; keep: boolean }

/** The person leaves the dialog: every accept is one more message, and the server is told. `keep`: 总是保持以上选择. */
export function choose(
  stage: Stage,
  person: Person,
  { choices, keep }: Answer,
): Record<string, Result> {
  const asked = ask(stage, person, Object.keys(choices))
  if ('error' in asked) throw new ControlError(409, asked.error.errMsg)
  const { decided, open } = asked
  const chosen = open.map(({ templateId }) => [templateId, choices[templateId]] as const)
  const results = { ...decided, ...Object.fromEntries(chosen) } as Record<string, Result>
  if (keep) for (const [templateId, choice] of chosen) keepChoice(consent(templateId), choice)
  const counted = Object.entries(results).filter(([, result]) => isChoice(result))
  for (const [templateId, result] of counted) if (result === 'accept') consent(templateId).left += 1
  if (open.length > 0 || stage.world.settings.silentChoicesArePushed)
    pushEvent(stage, person, { name: 'popup', entries: counted.map(toEntry) })
  return results

  function consent(templateId: string): Consent {
    return consentOf(stage.world, person, templateId)
  }
}

const isChoice = (result: Result): boolean => result === 'accept' || result === 'reject'
const toEntry = ([TemplateId, SubscribeStatusString]: readonly [string, string]) => ({
  TemplateId,
  SubscribeStatusString,
})

/** A no that is kept ends what was agreed to before: nothing comes through any more. */
function keepChoice(consent: Consent, choice: Choice | null = null): void {
  consent.kept = choice
  if (choice === 'reject') consent.left = 0
}

export type Change = { templateId: string; choice: Choice | 'ask' }

/** What the person sets in the settings of the mini-program (设置 → 订阅消息); a yes there is no message yet. */
export function changeSetting(stage: Stage, person: Person, { templateId, choice }: Change): void {
  if (findTemplate(stage.world, templateId) === undefined)
    throw new ControlError(404, `no template ${templateId}`)
  keepChoice(consentOf(stage.world, person, templateId), choice === 'ask' ? null : choice)
  if (choice !== 'ask')
    pushEvent(stage, person, { name: 'change', entries: [toEntry([templateId, choice])] })
}
