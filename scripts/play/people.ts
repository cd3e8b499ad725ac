import type { Http } from './requests.ts'

type ChatMessage = {
  from: 'customer' | 'bot' | 'staff'
  type: string
  text?: string
  menu?: { id?: string; text: string; miniprogramPath?: string }[]
  at: number
}
export type Person = Awaited<ReturnType<ReturnType<typeof createPeople>['arrive']>>

/** How a person is named in the sandbox; by phone it is the one who has that number now. */
export type Who = { phone: string } | { personId: string } | { externalUserid: string }

let nextPhone = 0
/** A phone nobody has had in this run. */
export const inventPhone = (): string =>
  `139${String(10_000_000 + ((Date.now() + nextPhone++ * 7919) % 89_999_999)).slice(0, 8)}`

type Doors = { server: Http; control: Http; adminKey: string }

/** What customers and staff do, in their words; each call goes through a front door. */
export function createPeople(doors: Doors) {
  return { arrive: (options: Newcomer = {}) => arrive(doors, options), ...createStaff(doors) }
}

type Newcomer = { name?: string; phone?: string; unionid?: boolean }

/** A WeChat user who has never been seen. */
async function arrive(
  doors: Doors,
  { name = '王小明', phone = inventPhone(), unionid = true }: Newcomer,
) {
  const person = (await must(doors.control.post('/_sandbox/people', { name, phone, unionid }))) as {
    personId: string
    openid: string
    officialOpenid: string
    externalUserid: string
    unionid?: string
  }
  const at = `/_sandbox/people/${person.personId}`
  const miniProgram = createMiniProgram(doors, at)
  return {
    ...person,
    phone,
    ...miniProgram.actions,
    get token() {
      return miniProgram.token()
    },
    ...createChats(doors, at),
    /** Gives his number up and keeps his WeChat; with `next` he takes that one. `phone` stays the one he came with. */
    changePhone: (next?: string): Promise<{ phone: string | null }> =>
      must(doors.control.post(`${at}/phone-change`, next === undefined ? {} : { phone: next })),
    inbox: async () => must(doors.control.get(`${at}/inbox`)),
  }
}

function createMiniProgram({ server, control }: Doors, at: string) {
  let token = ''
  return {
    token: () => token,
    actions: {
      signIn: async (): Promise<string> => {
        const { code } = await must(control.post(`${at}/login-code`))
        token = (await must(server.post('/api/wechat/openid', { code }))).data.sessionToken
        return token
      },
      me: async () => (await must(server.get('/api/me', token))).data,
      code: async () =>
        (await must(server.post('/api/binding/code', undefined, token))).data as {
          bindCode: string
          expiresAt: string
          kfUrl: string
          corpId: string
        },
      status: async () =>
        (await must(server.get('/api/binding/status', token))).data as {
          state: string
          reason?: string
          text?: string
        },
      openTicket: (ticket: string) => server.post('/api/binding/ticket', { ticket }, token),
      projects: (query = '') => server.get(`/api/projects/my${query}`, token),
      project: (id: string) => server.get(`/api/projects/${id}`, token),
    },
  }
}

/** His chat with the company, and the one with its official account. */
function createChats({ control }: Doors, at: string) {
  /** What the person then sees in the official account, or null. */
  const official = async (action: string, body?: object) =>
    (await must(control.post(`${at}/official/${action}`, body))).reply as string | null
  return {
    enter: (url: string) => must(control.post(`${at}/kf/enter`, { url })),
    say: (text: string) => must(control.post(`${at}/kf/send`, { text })),
    tap: (menuId: string) => must(control.post(`${at}/kf/send`, { menuId })),
    chat: async () => {
      const messages = await must(control.get(`${at}/kf/messages`))
      return (Array.isArray(messages) ? messages : messages.messages) as ChatMessage[]
    },
    followOfficial: () => official('follow'),
    unfollowOfficial: () => official('unfollow'),
    writeOfficial: (text: string) => official('send', { text }),
    officialChat: async () =>
      must(control.get(`${at}/official/messages`)) as Promise<
        { from: 'customer' | 'account' | 'system'; type: string; text: string }[]
      >,
  }
}

function createStaff({ server, control, adminKey }: Doors) {
  return {
    /** A salesperson searches the phone and adds the customer (add_way 2), or adds in another way. */
    add: (userid: string, phone: string, how: object = {}) =>
      must(control.post(`/_sandbox/members/${userid}/add`, { phone, ...how })),
    /** The same of a person who is named otherwise, as one whose number is another's by now. */
    addPerson: (userid: string, who: Who, how: object = {}) =>
      must(control.post(`/_sandbox/members/${userid}/add`, { ...who, ...how })) as Promise<{
        externalUserid: string
      }>,
    /** The member deletes the customer. */
    remove: (userid: string, who: Who) =>
      must(control.post(`/_sandbox/members/${userid}/remove`, who)),
    load: (orderNo: string, customerPhone: string, more: object = {}) =>
      must(
        server.put(
          `/api/admin/projects/${orderNo}`,
          { title: `${orderNo} 全屋定制`, customerPhone, ...more },
          adminKey,
        ),
      ),
  }
}

async function must(reply: ReturnType<Http['get']>): Promise<any> {
  const { status, body } = await reply
  if (status !== 200) throw new Error(`${String(status)} ${JSON.stringify(body)}`)
  return body
}

/** The item of the last menu in a chat that opens the mini-program, and the ticket in it. */
export function findTicket(chat: readonly ChatMessage[]): string | undefined {
  const item = chat
    .flatMap((message) => (message.from === 'bot' ? (message.menu ?? []) : []))
    .findLast((one) => one.miniprogramPath !== undefined)
  return (
    (item?.miniprogramPath &&
      new URLSearchParams(item.miniprogramPath.split('?')[1]).get('ticket')) ||
    undefined
  )
}
export const findDeny = (chat: readonly ChatMessage[]): string | undefined =>
  chat.flatMap((message) => message.menu ?? []).findLast((one) => one.id?.startsWith('no:'))?.id
export const botTexts = (chat: readonly ChatMessage[]): string[] =>
  chat.filter((message) => message.from === 'bot').map((message) => message.text ?? '')
