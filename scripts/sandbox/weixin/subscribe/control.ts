import { asObject, flag, list, oneOf, optional, record, text } from '../../base/check.ts'
import { ControlError } from '../../base/refusal.ts'
import { type ControlRouter, type Desk, param } from '../../http/control.ts'
import { personById } from '../../world/people.ts'
import type { Person } from '../../world/types.ts'
import { ask, changeSetting, type Choice, choose, subscriptionsOf } from './consents.ts'

const choice = oneOf(['accept', 'reject'] as const)
const choices = (value: unknown, at: string): Record<string, Choice> =>
  Object.fromEntries(
    Object.entries(asObject(value, at)).map(([id, one]) => [id, choice(one, `${at}.${id}`)]),
  )

const readAsk = record({ templateIds: list(text(), { max: 100 }) })
const readAnswer = record({
  templateId: optional(text()),
  choice: optional(choice),
  choices: optional(choices),
  keep: optional(flag),
})
const readSettings = record({
  mainSwitch: optional(flag),
  templateId: optional(text()),
  choice: optional(oneOf(['accept', 'reject', 'ask'] as const)),
})
const readTemplate = record({
  templateId: text(),
  title: text(),
  fields: list(record({ key: text({ pattern: /^[a-z_]+\d+$/ }), label: text() }), {
    min: 1,
    max: 5,
  }),
})

/** One template by itself as in contracts.md, or all of a dialog as `choices`. */
function choicesOf({
  templateId,
  choice: one,
  choices: several,
}: ReturnType<typeof readAnswer>): Record<string, Choice> {
  if (templateId !== undefined && one !== undefined && several === undefined)
    return { [templateId]: one }
  if (several !== undefined && templateId === undefined && one === undefined) return several
  throw new ControlError(400, 'give templateId and choice, or choices')
}

/** What a person does with the dialogs and settings of subscribe messages, and which templates there are. */
export function subscribeControl({ get, post }: ControlRouter, { stage }: Desk): void {
  const { world } = stage
  const person = (params: Record<string, string>): Person =>
    personById(world, param(params, 'personId'))
  get('/people/:personId/subscribe', ({ params }) => subscriptionsOf(world, person(params)))
  post('/people/:personId/subscribe/ask', ({ params, body }) =>
    ask(stage, person(params), readAsk(body, 'body').templateIds),
  )
  post('/people/:personId/subscribe', ({ params, body }) => {
    const answer = readAnswer(body, 'body')
    const keep = answer.keep ?? false
    return { results: choose(stage, person(params), { choices: choicesOf(answer), keep }) }
  })
  post('/people/:personId/subscribe/settings', ({ params, body }) => {
    const { mainSwitch, templateId, choice: chosen } = readSettings(body, 'body')
    if (mainSwitch !== undefined) subscriptionsOf(world, person(params)).mainSwitch = mainSwitch
    if (templateId !== undefined && chosen !== undefined)
      changeSetting(stage, person(params), { templateId, choice: chosen })
    return subscriptionsOf(world, person(params))
  })
  get('/templates', () => Object.values(world.templates))
  post('/templates', ({ body }) => {
    const template = readTemplate(body, 'body')
    world.templates[template.templateId] = template
    return template
  })
}
