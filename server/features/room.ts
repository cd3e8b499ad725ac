import type { Route } from '../http/route.ts'
import type { Schedule } from '../lib/cron.ts'
import type { Listeners } from '../lib/facts.ts'
import type { Handled, Job } from '../lib/jobs.ts'
import type { WecomEvent } from '../outside/wecom/wecom.event.ts'
import type { MiniProgramPush } from '../outside/weixin/miniprogram.push.ts'
import type { Fact } from './facts.ts'

/** The headings of the API. */
export const TAGS = {
  accounts: 'Signing in to the mini-program, and where one stands',
  binding: 'From a code to a tie between account and chat',
  phones: 'Phones that customers state, and what came of them',
  projects: 'Orders: loading them, reading them, showing them',
  remedies: 'What admins mend by hand',
  customers: 'Customers found, and why each may or may not query',
  advisors: 'Advisors: who they are, how they join, and what they may be told',
  leads: 'What customers do about advisors, and the leads and bookings that come of it',
  media: 'Pictures',
  rights: 'What is kept of a person: told to him, or ended',
  monitor: 'Jobs, callbacks and events',
  questions: 'What people are asked, and their answers',
  notices: 'What customers are told by subscribe messages, and what they consented to',
  contacts: 'The mirror of the WeCom contacts',
  staff: 'The API of the pages of members',
  settings: 'What the company decides by itself',
  access: 'Keys, the roles of members, and who is calling',
  operations: 'The operation log',
  platforms: 'Where WeCom and WeChat ring',
  pages: 'Pages, and words for machines',
} as const
type Tag = keyof typeof TAGS

/** Routes, and under which heading the API shows them. */
type Doors = { routes: Route[]; tag: Tag } | { routes?: never; tag?: never }

/** What wakes a room up; it is handed to the architect as one object. */
export type Room = Doors & {
  /** Facts of other rooms, and the jobs they become here. */
  listeners?: Listeners<Fact>
  /** Callbacks of the platforms, and the jobs they become here. */
  onPlatformEvent?: OnPlatformEvent
  handlers?: Handled[]
  schedules?: Schedule[]
}
/** What goes through the letterbox: of WeCom, and of the mini-program's message push. */
export type PlatformEvent = WecomEvent | MiniProgramPush
export type OnPlatformEvent = (
  event: PlatformEvent,
  callback: { id: number; receivedAt: Date },
) => Job[]
