import type { Courier } from './courier.ts'
import { part, RefusedError, word, type Body, type Desk } from './desk.ts'
import type { Moods } from './moods.ts'
import { secondCredentials as known, type Person, type World } from './world.ts'

/** Of the mini-program; its keys are none that anybody would guess. */
export const secondTemplate = {
  id: 'Zt8-kQe2_mVwR4yNpL0sHdUaXcB7gJ1fTiO6nE3vKqM',
  fields: { thing5: '工程名称', phrase8: '环节', time2: '更新时间' },
}

type Deps = { moods: Moods; world: World; courier: Courier }

/** Subscribe messages (facts 4.6, 7.1, 11): a yes is one message, and a push tells of it, and of what was sent. */
export function createConsents({ moods, world, courier }: Deps) {
  const left = new Map<Person, number>()
  const desk: Desk = {
    'GET /wxaapi/newtmpl/gettemplate': ({ app }) => {
      assertMini(app)
      return { data: [describe()] }
    },
    'POST /cgi-bin/message/subscribe/send': ({ body, app }) => {
      assertMini(app)
      return send(body)
    },
  }
  return { desk, answer }

  /** He leaves the dialog. */
  function answer(person: Person, choice: 'accept' | 'reject'): void {
    if (choice === 'accept') left.set(person, (left.get(person) ?? 0) + 1)
    tell(person, 'popup', { SubscribeStatusString: choice, PopupScene: moods.pick('0', '1', '2') })
  }

  function send(body: Body): object {
    const person = world.people.find(({ openid }) => openid === word(body, 'touser'))
    if (person === undefined) throw new RefusedError(40003)
    if (word(body, 'template_id') !== secondTemplate.id) throw new RefusedError(40037)
    if ((left.get(person) ?? 0) === 0) throw new RefusedError(43101)
    const lines = readLines(part(body, 'data'))
    if (lines === undefined) throw new RefusedError(47003)
    left.set(person, left.get(person)! - 1)
    person.notices.push({ lines, page: word(body, 'page') })
    const msgId = `${String(2 ** 52 + moods.below(2 ** 30))}${String(moods.below(1000)).padStart(3, '0')}`
    tell(person, 'sent', { MsgID: msgId, ErrorCode: '0', ErrorStatus: 'success' })
    return moods.pick<object>({}, { msgid: moods.below(2 ** 31) })
  }

  /** Facts 7.1, 11: XML or JSON, a single entry by itself or in a list. */
  function tell(person: Person, what: 'popup' | 'sent', more: Record<string, string>): void {
    const entry = { TemplateId: secondTemplate.id, ...more }
    const head = {
      ToUserName: known.miniId,
      FromUserName: person.openid,
      CreateTime: String(Math.floor(Date.now() / 1000)),
      MsgType: 'event',
      Event: `subscribe_msg_${what}_event`,
    }
    const list = moods.pick<unknown>(entry, [entry])
    const node = what === 'popup' ? 'SubscribeMsgPopupEvent' : 'SubscribeMsgSentEvent'
    courier.pushMini(
      person,
      moods.chance(0.5)
        ? JSON.stringify({ ...head, List: list })
        : `<xml>${toNodes(head)}<${node}><List>${toNodes(entry)}</List></${node}></xml>`,
    )
  }
}

function assertMini(app: string): void {
  if (app !== known.miniAppId) throw new RefusedError(48001)
}

function describe(): object {
  const content = Object.entries(secondTemplate.fields)
    .map(([key, label]) => `${label}:{{${key}.DATA}}`)
    .join('\n')
  return { priTmplId: secondTemplate.id, title: '工程环节更新', content, example: '', type: 2 }
}

const FITS: Readonly<Record<string, RegExp>> = {
  thing5: /^.{1,20}$/su,
  phrase8: /^\p{Script=Han}{1,5}$/u,
  time2: /^\d{4}年\d{1,2}月\d{1,2}日( \d{1,2}:\d{2})?$/,
}

/** All keys of the template and no other, each within the limits of its type. */
function readLines(data: Body): string[] | undefined {
  if (Object.keys(data).some((key) => FITS[key] === undefined)) return undefined
  const lines = Object.keys(FITS).map((key) => word(part(data, key), 'value'))
  return Object.values(FITS).every((fits, index) => fits.test(lines[index]!)) ? lines : undefined
}

const toNodes = (fields: Record<string, string>): string =>
  Object.entries(fields)
    .map(([name, value]) => `<${name}><![CDATA[${value}]]></${name}>`)
    .join('')
