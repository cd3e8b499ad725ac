import { randomId } from '../base/random.ts'
import { sandboxCredentials } from '../base/credentials.ts'
import { noFaults } from './faults.ts'
import { newStaffWorld, resetStaffWorld } from './staff.ts'
import { defaultSettings } from './settings.ts'
import { demoTemplates } from './templates.ts'
import type { KfAccount, Member, World } from './types.ts'

const staff: Member[] = [
  { userid: 'zhangsan', name: '张三', followUser: true },
  { userid: 'lisi', name: '李四', followUser: true },
  { userid: 'wangwei', name: '王伟', followUser: true },
  { userid: 'chenjing', name: '陈静', followUser: true },
]

const kfAccount = (): KfAccount => ({
  openKfId: sandboxCredentials.openKfId,
  name: '项目进度客服',
  linkId: 'kfc5a2db0c000000001',
  servicers: [
    { userid: 'zhangsan', status: 0 },
    { userid: 'lisi', status: 0 },
  ],
})

const emptyPast = () => ({
  people: {},
  follows: [],
  welcomeCodes: {},
  loginCodes: {},
  phoneCodes: {},
  chats: {},
  kfLog: [],
  kfTokens: {},
  kfCodes: {},
  kfMsgids: {},
  kfTokenlessCalls: {},
  personInbox: {},
  memberInbox: {},
  appMessages: {},
  officialChats: {},
  subscriptions: {},
  officialPushes: [],
})

export function newWorld(): World {
  return {
    version: 1,
    id: `world_${randomId(20)}`,
    clockOffsetSeconds: 0,
    settings: defaultSettings(),
    faults: noFaults(),
    members: Object.fromEntries(staff.map((member) => [member.userid, member])),
    kfAccounts: { [sandboxCredentials.openKfId]: kfAccount() },
    tokens: {},
    stableRefreshes: {},
    kfWays: [],
    kfSequence: 0,
    media: {},
    weixinMedia: {},
    staff: newStaffWorld(),
    templates: demoTemplates(),
    ...emptyPast(),
  }
}

/**
 * People, chats and contacts go. Members, kf accounts with their links, settings, the clock, access tokens and media
 * stay: they belong to the company, and a server holds on to them over the reset.
 */
export function resetWorld(world: World): void {
  Object.assign(world, emptyPast(), { faults: noFaults() })
  resetStaffWorld(world.staff)
}
