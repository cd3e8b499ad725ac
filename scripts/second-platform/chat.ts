import { assertAccount, CHAT_LIVES_MS, getPerson } from './account.ts'
import { bytes, list, RefusedError, word, type Body, type Desk } from './desk.ts'
import { nothing, type Moods } from './moods.ts'
import type { Pages } from './pages.ts'
import type { Sessions } from './sessions.ts'
import { secondCredentials as known, type Person, type World } from './world.ts'

type Deps = { moods: Moods; world: World; pages: Pages; sessions: Sessions; ring: () => void }
/** Links by their text; the scene of each. */
type Chat = Deps & { links: Map<string, string> }

/** 微信客服 (facts 2): links, what customers do, and what the company may ask. */
export function createChat(deps: Deps) {
  const chat: Chat = { ...deps, links: new Map() }
  return {
    desk: toDesk(chat),
    enter: (person: Person, link: string, { isLost = false } = {}) =>
      enter(chat, person, { link, isLost }),
    write: (person: Person, text: string, menuId?: string) => write(chat, person, { text, menuId }),
    endService: (person: Person) => endService(chat, person),
  }
}

const ACCOUNTS = [
  { open_kfid: 'wkOther_account', name: '售后', manage_privilege: false },
  { open_kfid: known.openKfId, name: '进度', manage_privilege: true },
]

/** A department, of whose members nothing is said, and one who has stopped. */
const SERVICERS = [{ department_id: 3 }, { userid: 'ChenJie', status: 1, stop_type: 1 }]

function toDesk(chat: Chat): Desk {
  const { moods, world, sessions, pages } = chat
  return {
    'POST /cgi-bin/kf/sync_msg': ({ body }) => {
      assertAccount(body)
      return pages.read(body)
    },
    'POST /cgi-bin/kf/send_msg': ({ body }) => sessions.send(body),
    'POST /cgi-bin/kf/send_msg_on_event': ({ body }) => sessions.sendOnEvent(body),
    'POST /cgi-bin/kf/add_contact_way': ({ body }) => addContactWay(chat, body),
    'POST /cgi-bin/kf/account/list': ({ body }) => ({
      account_list: ACCOUNTS.slice(Number(body['offset'] ?? 0)),
    }),
    'GET /cgi-bin/kf/servicer/list': () => ({ servicer_list: SERVICERS }),
    'POST /cgi-bin/kf/service_state/get': ({ body }) => {
      const { state, servedBy } = sessions.of(getPerson(world, body['external_userid']))
      return {
        service_state: state,
        ...(servedBy === undefined
          ? nothing(moods, 'servicer_userid', '')
          : { servicer_userid: servedBy }),
      }
    },
    'POST /cgi-bin/kf/service_state/trans': ({ body }) => transfer(chat, body),
    'POST /cgi-bin/kf/customer/batchget': ({ body }) => describe(chat, body),
  }
}

function addContactWay({ links, moods }: Chat, body: Body): object {
  assertAccount(body)
  const scene = word(body, 'scene')
  if (!/^[\w-]{0,32}$/.test(scene)) throw new RefusedError(40058)
  const earlier = [...links].find(([, of]) => of === scene)?.[0]
  const address = `https://work.weixin.qq.com/kf/kfc${moods.letters(17)}`
  const url = earlier ?? `${address}${scene === '' ? '' : `?enc_scene=ENC${moods.letters(22)}`}`
  links.set(url, scene)
  return { url }
}

/** Facts 2.5: a link that was changed brings no event. */
function enter(
  chat: Chat,
  person: Person,
  { link, isLost }: { link: string; isLost: boolean },
): void {
  const { moods, sessions, pages, ring } = chat
  const [base = '', encoded] = link.split('&scene_param=')
  const scene = chat.links.get(base)
  const param = encoded === undefined ? undefined : decodeURIComponent(encoded)
  if (scene === undefined || bytes(param ?? '') > 128) return
  const session = sessions.of(person)
  session.enteredAt = Date.now()
  session.context = {
    scene,
    ...(param === undefined ? nothing(moods, 'scene_param', '') : { scene_param: param }),
  }
  if (isLost) return
  const isNew = Date.now() - Math.max(session.greetedAt, session.wroteAt) > CHAT_LIVES_MS
  const welcome = isNew
    ? { welcome_code: sessions.createEventCode(person) }
    : nothing(moods, 'welcome_code', '')
  const ids = { open_kfid: known.openKfId, external_userid: person.externalUserid }
  const event = { event_type: 'enter_session', ...ids, ...session.context, ...welcome }
  pages.add(person.openid, { origin: 4, msgtype: 'event', event })
  ring()
}

function write(
  { moods, sessions, pages, ring }: Chat,
  person: Person,
  said: { text: string; menuId: string | undefined },
): void {
  sessions.noteWord(person)
  const menuId =
    said.menuId === undefined ? nothing(moods, 'menu_id', '') : { menu_id: said.menuId }
  const ids = { open_kfid: known.openKfId, external_userid: person.externalUserid }
  pages.add(person.openid, {
    ...ids,
    origin: 3,
    msgtype: 'text',
    text: { content: said.text, ...menuId },
  })
  ring()
}

/** Facts 2.2, 2.4: the event lets one message be sent. */
function endService({ sessions, pages, ring }: Chat, person: Person): void {
  const { servedBy } = sessions.of(person)
  sessions.end(person)
  const ids = { open_kfid: known.openKfId, external_userid: person.externalUserid }
  const change = {
    change_type: 3,
    old_servicer_userid: servedBy,
    msg_code: sessions.createEventCode(person),
  }
  pages.add(person.openid, {
    origin: 4,
    msgtype: 'event',
    event: { event_type: 'session_status_change', ...ids, ...change },
  })
  ring()
}

/** Facts 2.7. Nobody is on duty. */
function transfer({ moods, world, sessions }: Chat, body: Body): object {
  const session = sessions.of(getPerson(world, body['external_userid']))
  const to = Number(body['service_state'])
  const isAllowed = session.state < 4 && to > session.state && (to !== 4 || session.state === 3)
  if (!isAllowed) throw new RefusedError(95016)
  if (to === 3) throw new RefusedError(moods.pick(95014, 95019))
  session.state = to
  return { msg_code: moods.letters(20) }
}

/** Facts 2.6: who came or wrote lately; the others stand apart. */
function describe({ moods, sessions, world }: Chat, body: Body): object {
  const asked = list(body, 'external_userid_list')
  const isKnown = (person: Person) => {
    const { wroteAt, enteredAt } = sessions.of(person)
    return Date.now() - Math.max(wroteAt, enteredAt) < CHAT_LIVES_MS
  }
  const found = asked
    .map((id) => world.findPerson(id))
    .filter((one): one is Person => one !== undefined && isKnown(one))
  const others = asked.filter((id) => !found.some((one) => one.externalUserid === id))
  const customers = found.map((person) => ({
    external_userid: person.externalUserid,
    nickname: person.name,
    ...nothing(moods, 'avatar', ''),
    ...(person.unionid === undefined ? nothing(moods, 'unionid', '') : { unionid: person.unionid }),
    ...(body['need_enter_session_context'] === 1 && {
      enter_session_context: sessions.of(person).context,
    }),
  }))
  const strangers =
    others.length === 0
      ? nothing(moods, 'invalid_external_userid', [])
      : { invalid_external_userid: others }
  return { customer_list: moods.shuffled(customers), ...strangers }
}
