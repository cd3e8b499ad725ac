import { randomInt } from 'node:crypto'

import type { WeixinCall } from '../../apps/endpoint.ts'
import { asObject } from '../../base/check.ts'
import { sandboxCredentials } from '../../base/credentials.ts'
import { refusal } from '../../base/errcodes.ts'
import { Refusal } from '../../base/refusal.ts'
import type { Stage } from '../../world/stage.ts'
import type { Person, Template } from '../../world/types.ts'
import { consentOf, findTemplate, subscriptionsOf } from './consents.ts'
import { pushEvent } from './events.ts'
import { isPublished } from './published.ts'
import { isValue } from './values.ts'

type Call = Pick<WeixinCall, 'query' | 'body'>
type Fields = Record<string, unknown>

const FIELDS = ['touser', 'template_id', 'page', 'data', 'miniprogram_state', 'lang']
const STATES: unknown[] = [undefined, 'developer', 'trial', 'formal']
const LANGUAGES: unknown[] = [undefined, 'zh_CN', 'en_US', 'zh_HK', 'zh_TW']

/**
 * POST cgi-bin/message/subscribe/send (M: 发送订阅消息): one consent is one message. Judged in the order receiver,
 * template, shape, page, consent; no source says in which.
 */
export function sendSubscribeMessage(stage: Stage, { query, body }: Call): Record<string, unknown> {
  const fields = asObject(body, 'body')
  const person = receiverOf(stage, fields, query)
  const template = templateOf(stage, fields)
  const data = readData(fields, template)
  const page = readPage(stage, fields)
  spend(stage, person, template.templateId)
  deliver(stage, person, { template, data, page })
  const msgid = newMsgid()
  pushEvent(stage, person, {
    name: 'sent',
    entries: [
      {
        TemplateId: template.templateId,
        MsgID: String(msgid),
        ErrorCode: '0',
        ErrorStatus: 'success',
      },
    ],
  })
  return { errcode: 0, errmsg: 'ok', msgid }
}

/** Above 2^53: whoever reads it as a number loses digits (platform-facts 11). */
const newMsgid = (): bigint =>
  BigInt(`3${randomInt(10 ** 8, 10 ** 9)}${randomInt(10 ** 8, 10 ** 9)}`)

/** An openid belongs to one app: for another account's token it is as good as invented. */
function receiverOf({ world }: Stage, { touser }: Fields, query: Call['query']): Person {
  const isOwn = world.tokens[query['access_token'] ?? '']?.kind.startsWith('mini')
  const person = Object.values(world.people).find(({ openid }) => openid === touser)
  if (isOwn !== true || person === undefined) throw new Refusal(40003, 'invalid openid')
  return person
}

function templateOf({ world }: Stage, { template_id }: Fields): Template {
  const template = findTemplate(world, String(template_id))
  if (template === undefined) throw refusal(40037)
  if (world.settings.bannedTemplates.includes(template.templateId)) throw refusal(43107)
  return template
}

const invalid = (what: string): Refusal => new Refusal(47003, `argument invalid! ${what} invalid`)

/** Stricter than the platform, which takes what it does not know: no other fields, no other keys. */
function readData(fields: Fields, template: Template): Record<string, { value: string }> {
  const stray = Object.keys(fields).find((name) => !FIELDS.includes(name))
  if (stray !== undefined) throw invalid(stray)
  if (!STATES.includes(fields['miniprogram_state'])) throw invalid('miniprogram_state')
  if (!LANGUAGES.includes(fields['lang'])) throw invalid('lang')
  const given = asData(fields['data'])
  const keys = template.fields.map(({ key }) => key)
  const unknown = Object.keys(given).find((key) => !keys.includes(key))
  if (unknown !== undefined) throw invalid(`data.${unknown}`)
  return Object.fromEntries(keys.map((key) => [key, { value: readValue(given, key) }]))
}

function asData(data: unknown): Fields {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) throw invalid('data')
  return data as Fields
}

function readValue(given: Fields, key: string): string {
  const value = (given[key] as { value?: unknown } | null | undefined)?.value
  if (!isValue(key, value)) throw invalid(`data.${key}.value`)
  return value
}

/** Without a page a tap opens nothing. */
function readPage({ world }: Stage, { page }: Fields): string | null {
  if (page === undefined || page === '') return null
  if (typeof page !== 'string' || !isPublished(world, page)) throw refusal(41030)
  return page
}

function spend({ world }: Stage, person: Person, templateId: string): void {
  const consent = consentOf(world, person, templateId)
  if (!subscriptionsOf(world, person).mainSwitch || consent.left === 0) throw refusal(43101)
  consent.left -= 1
}

type Message = {
  template: Template
  data: Record<string, { value: string }>
  page: string | null
}

function deliver(stage: Stage, { personId }: Person, { template, data, page }: Message): void {
  const inbox = (stage.world.personInbox[personId] ??= [])
  inbox.push({
    kind: 'subscribe',
    type: 'subscribe',
    from: sandboxCredentials.miniAppId,
    at: stage.now(),
    templateId: template.templateId,
    title: template.title,
    data,
    page,
    lines: template.fields.map(({ key, label }) => ({ label, text: data[key]?.value ?? '' })),
  })
}
