/** What the server's playground room answers (server/features/playground). */
/** `phone`: null once he has given his number up */
export type Person = {
  personId: string
  name: string
  phone: string | null
  openid: string
  officialOpenid: string
  externalUserid: string
}
export type Member = { userid: string; name: string }
export type MenuItem = { id?: string; text: string; miniprogramPath?: string }
export type ChatLine = {
  msgid: string
  from: 'customer' | 'bot' | 'staff'
  type: string
  text: string
  menu?: MenuItem[]
  /** Those words of `text` that stand below the items. */
  tail?: string
  recalled?: boolean
  at: number
}
/** The official account as this person has it; `followed` null: nobody knows. Of a card `text` is the title. */
export type OfficialLine = {
  from: 'customer' | 'account' | 'system'
  type: string
  text: string
  miniprogramPath?: string
  at: number
}
export type OfficialChat = { followed: boolean | null; lines: OfficialLine[] }
/** A welcome has `text`, a message of our app `content`, as the API that sent them names it; a subscribe message has `lines` and `page`. */
export type InboxItem = {
  kind: string
  type: string
  from: string
  at: number
  text?: string
  content?: string
  title?: string
  description?: string
  miniprogramPath?: string
  lines?: { label: string; text: string }[]
  page?: string | null
}
export type Follow = {
  externalUserid: string
  addWay: number
  operUserid: string
  remarkMobiles: string[]
}
type Standing = {
  externalUserId: string
  status: 'unbound' | 'partial' | 'bound'
  mayQuery: boolean
}
export type Entry = {
  key: string
  at: number
  lane: 'received' | 'decided' | 'sent'
  tone: 'plain' | 'good' | 'wait' | 'bad'
  title: string
  note?: string
  table?: string
  evidence?: string
  openid?: string
  externalUserId?: string
  member?: string
}
/** What a member is asked about a number: the orders that are held, and whom the number belongs to as far as is known. */
export type Question = {
  id: number
  phoneMasked?: string
  orders?: { orderNo: string; name?: string }[]
  about?: { names: string[]; contactName?: string; addedBy?: string }
  answer?: { answer: AnswerKind }
}
export type AnswerKind = 'same' | 'changed' | 'unknown'
export type Look = {
  people: Person[]
  members: Member[]
  faults: { callbacks: { drop: number; duplicate: number; reorder: number; delayMs: number } }
  chat: ChatLine[]
  session: { state?: number; servicer?: string | null }
  official: OfficialChat | []
  inbox: InboxItem[]
  memberInbox: InboxItem[]
  customers: Follow[]
  standings: Standing[]
  asked: Question[]
  timeline: Entry[]
}
export type Delivery = { name: string; at: number; outcome: string }

const BASE = '/playground/api'

/** An answer that is not a success, in words that can be shown. */
export class Refused extends Error {}

async function call<T>(
  method: string,
  path: string,
  { body, token }: { body?: unknown; token?: string } = {},
): Promise<T> {
  const response = await fetch(path, {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const answer = (await response.json()) as T & { error?: unknown; message?: string }
  if (!response.ok)
    throw new Refused(
      typeof answer.error === 'string'
        ? answer.error
        : (answer.message ?? `HTTP ${String(response.status)}`),
    )
  return answer
}

export const look = ({
  person,
  member,
  since,
}: {
  person: string
  member: string
  since: number
}): Promise<Look> => {
  const known = Object.entries({ person, member }).filter(([, value]) => value !== '')
  return call(
    'GET',
    `${BASE}/look?${new URLSearchParams([...known, ['since', String(since)]]).toString()}`,
  )
}
/** Somebody new always comes with a number. */
export const invite = (
  name: string,
  { unionid = false } = {},
): Promise<Person & { phone: string }> =>
  call('POST', `${BASE}/people`, { body: { name, unionid } })
/** A call to the sandbox's control API. */
export const control = <T = unknown>(path: string, body?: unknown): Promise<T> =>
  call(
    body === undefined ? 'GET' : 'POST',
    `${BASE}/sandbox${path}`,
    body === undefined ? {} : { body },
  )

/** What people in the office do (server/features/playground/office.ts). */
export const office = {
  /** An invitation for an advisor: the page that it opens. */
  inviteAdvisor: (advisorId: string): Promise<{ miniprogramPath: string }> =>
    call('POST', `${BASE}/office/advisors/${advisorId}/invite`, { body: {} }),
  load: (orderNo: string, body: object): Promise<{ state: string }> =>
    call('POST', `${BASE}/office/orders/${orderNo}`, { body }),
  answer: (
    id: number,
    body: { member: string; answer: AnswerKind; since?: string; toExternalUserId?: string },
  ): Promise<{ effectiveAt: string }> =>
    call('POST', `${BASE}/office/questions/${String(id)}/answer`, { body }),
  takeBack: (id: number, member: string): Promise<unknown> =>
    call('POST', `${BASE}/office/questions/${String(id)}/take-back`, { body: { member } }),
  handOver: (body: {
    phone: string
    since: string
    toExternalUserId: string
    reason: string
    dryRun: boolean
  }): Promise<{ moved: string[]; stay: string[] }> =>
    call('POST', `${BASE}/office/hand-over`, { body }),
}

/** The product's own API, through its front door. */
export const product = async <T>(
  method: string,
  path: string,
  options: { body?: unknown; token?: string } = {},
): Promise<T> => (await call<{ data: T }>(method, `/api${path}`, options)).data
