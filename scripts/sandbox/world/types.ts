import type { Faults } from './faults.ts'
import type { StaffWorld } from './staff.ts'
import type { Settings } from './settings.ts'

/** Everything the sandbox remembers, as plain JSON. All instants are platform seconds (see stage.ts). */
export type World = {
  version: 1
  id: string
  clockOffsetSeconds: number
  settings: Settings
  faults: Faults
  members: Record<string, Member>
  kfAccounts: Record<string, KfAccount>
  people: Record<string, Person>
  follows: Follow[]
  welcomeCodes: Record<string, WelcomeCode>
  loginCodes: Record<string, LoginCode>
  phoneCodes: Record<string, PhoneCode>
  tokens: Record<string, AccessToken>
  stableRefreshes: Record<string, number[]>
  kfWays: KfWay[]
  chats: Record<string, Chat>
  kfLog: KfItem[]
  /** never reset: a cursor that a server kept over a reset must still mean "after that point" */
  kfSequence: number
  kfTokens: Record<string, { openKfId: string; issuedAt: number }>
  kfCodes: Record<string, KfCode>
  kfMsgids: Record<string, number>
  kfTokenlessCalls: Record<string, number[]>
  media: Record<string, Media>
  /** temporary media of WeChat accounts: each account has its own */
  weixinMedia: Record<string, Media & { owner: 'mini' | 'official' }>
  personInbox: Record<string, InboxItem[]>
  memberInbox: Record<string, InboxItem[]>
  appMessages: Record<string, number>
  officialChats: Record<string, OfficialChat>
  staff: StaffWorld
  /** of the mini-program's account, by id; a reset leaves them */
  templates: Record<string, Template>
  /** by personId */
  subscriptions: Record<string, Subscriptions>
  officialPushes: { name: string; at: number; attempts: string[]; outcome: string }[]
}

export type Member = {
  userid: string
  name: string
  mobile?: string
  /** has 客户联系, i.e. may have customers */
  followUser: boolean
  /** absent: active */
  status?: MemberStatus
  /** outside the app's visible range */
  hidden?: boolean
}
/** as on the wire: 1 active, 2 disabled, 4 not activated, 5 left the company */
export type MemberStatus = 1 | 2 | 4 | 5

export type KfAccount = { openKfId: string; name: string; linkId: string; servicers: Servicer[] }
/** status as on the wire: 0 serving, 1 stopped */
type Servicer = { userid: string; status: 0 | 1 }

export type Person = {
  personId: string
  name: string
  /** bound to his WeChat now; null: he gave it up and has no other */
  phone: string | null
  /** 1 WeChat user, 2 WeCom user of another company */
  type: 1 | 2
  openid: string
  officialOpenid: string
  unionid: string | null
  externalUserid: string
}

export type Follow = {
  userid: string
  externalUserid: string
  /** the customer added the member, the member has not accepted: no follow entry on the wire yet */
  half: boolean
  halfCodeUsed: boolean
  remark: string
  description: string
  remarkCompany: string
  remarkMobiles: string[]
  /** what the member will note some time after the add (remarkMobile: 'later') */
  laterMobiles: string[]
  tags: { group_name: string; tag_name: string; tag_id: string; type: 1 }[]
  createtime: number
  addWay: number
  operUserid: string
  state: string
}

export type WelcomeCode = {
  userid: string
  externalUserid: string
  issuedAt: number
  used: boolean
}
type LoginCode = { personId: string; issuedAt: number; used: boolean }
/** stands for the number that was agreed to, whatever becomes of it later */
type PhoneCode = LoginCode & { phone: string; countryCode: string }
export type TokenKind = 'contact' | 'kf' | 'mini' | 'mini-stable' | 'official' | 'official-stable'
export type AccessToken = {
  kind: TokenKind
  issuedAt: number
  expiresAt: number
  killed?: number
  latest: boolean
}
export type KfWay = { openKfId: string; scene: string; encScene: string }

export type SessionState = 0 | 1 | 2 | 3 | 4

export type Chat = {
  openKfId: string
  externalUserid: string
  state: SessionState
  servicer: string | null
  /** counts state changes: a msg_code works only in the state that produced it */
  epoch: number
  lastCustomerAt: number | null
  sentSinceCustomer: number
  lastWelcomeAt: number | null
  entry: { at: number; scene: string; sceneParam: string } | null
  lines: ChatLine[]
}

export type MenuLine = {
  id?: string
  text: string
  url?: string
  miniprogramPath?: string
  appid?: string
}
type ChatLine = {
  msgid: string
  from: 'customer' | 'bot' | 'staff'
  type: string
  text: string
  menu?: MenuLine[]
  tail?: string
  recalled?: boolean
  at: number
}

/** One row of sync_msg; `openKfId` is ours, the wire form is in `item`. */
export type KfItem = {
  seq: number
  openKfId: string
  sendTime: number
  item: Record<string, unknown>
}
export type KfCodeKind = 'enter' | 'queued' | 'taken' | 'ended'
export type KfCode = {
  kind: KfCodeKind
  openKfId: string
  externalUserid: string
  epoch: number
  issuedAt: number
  used: boolean
}
type Media = { type: string; filename: string; bytes: number; createdAt: number }
/** The official account as one person has it; `followed` null: never followed, never left; subscribedAt null: nobody saw it. */
export type OfficialChat = {
  followed: boolean | null
  subscribedAt: number | null
  allowances: Partial<Record<'message' | 'event', { left: number; until: number }>>
  lines: OfficialLine[]
}
/** of a card `text` is the title */
export type OfficialLine = {
  from: 'customer' | 'account' | 'system'
  type: string
  text: string
  miniprogramPath?: string
  at: number
}
/** A one-time template of subscribe messages; a key begins with its type (`thing1`). */
export type Template = {
  templateId: string
  title: string
  fields: { key: string; label: string }[]
}
/** What one person allows the mini-program to send; `kept` is the choice he does not want to be asked about again. */
export type Subscriptions = { mainSwitch: boolean; consents: Record<string, Consent> }
export type Consent = { left: number; kept: 'accept' | 'reject' | null }
export type InboxItem = {
  kind: string
  type: string
  from: string
  at: number
  [field: string]: unknown
}
