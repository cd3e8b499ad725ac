import {
  type Check,
  fail,
  flag,
  integer,
  list,
  optional,
  oneOf,
  record,
  text,
  webAddress,
} from '../base/check.ts'
import { resetWorld } from '../world/new-world.ts'
import type { Settings } from '../world/settings.ts'
import type { World } from '../world/types.ts'
import type { ControlRouter, Desk } from '../http/control.ts'

const YEAR_SECONDS = 366 * 86_400
const clockText = text({ pattern: /^([01]\d|2[0-3]):[0-5]\d$/ })
const readHours = record({ from: clockText, to: clockText })

const orNull =
  <T>(check: Check<T>): Check<T | null> =>
  (value, at) =>
    value === null ? null : check(value, at)
const availability: Check<boolean | 'weixin' | 'wecom'> = (value, at) =>
  typeof value === 'boolean' ? value : oneOf(['weixin', 'wecom'] as const)(value, at)

const readSettings = record({
  callbackBase: optional(orNull(webAddress())),
  retryDelayMs: optional(integer(0, 600_000)),
  callbackTimeoutMs: optional(integer(50, 60_000)),
  unionidAvailable: optional(availability),
  unionidsOfAnotherPlatform: optional(flag),
  kfHours: optional(orNull(readHours)),
  syncPageSize: optional(integer(1, 1000)),
  tokenlessSyncPerMinute: optional(integer(0, 1_000_000)),
  nativeWelcome: optional(flag),
  nativeKfWelcome: optional(flag),
  oneApp: optional(flag),
  tokenLifeSeconds: optional(integer(1, 7200)),
  followPageSize: optional(integer(1, 500)),
  officialMode: optional(oneOf(['plain', 'compatible', 'safe'] as const)),
  kfServedByPeople: optional(flag),
  undocumented: optional(oneOf(['fixed', 'random'] as const)),
  otherUseridCase: optional(flag),
  trustedDomain: optional(orNull(text({ min: 0 }))),
  appHome: optional(orNull(text({ min: 0 }))),
  appIsStopped: optional(flag),
  appIsVisible: optional(flag),
  pushMode: optional(oneOf(['off', 'plain', 'compatible', 'safe', 'random'] as const)),
  pushFormat: optional(oneOf(['xml', 'json', 'random'] as const)),
  pushList: optional(oneOf(['object', 'array', 'random'] as const)),
  silentChoicesArePushed: optional(flag),
  publishedPages: optional(orNull(list(text(), { max: 1000 }))),
  bannedTemplates: optional(list(text(), { max: 100 })),
})
const readClock = record({ advanceSeconds: integer(-YEAR_SECONDS, YEAR_SECONDS) })

function changeSettings(world: World, body: unknown): Settings {
  const given = Object.entries(readSettings(body, 'body')).filter(
    ([, value]) => value !== undefined,
  )
  if (given.length === 0) fail('body', 'changes nothing')
  Object.assign(world.settings, Object.fromEntries(given))
  return world.settings
}

/** Where somebody who opens the address in a browser may go on. */
const LOOK = ['people', 'members', 'settings', 'clock', 'callbacks', 'calls'].map(
  (place) => `/_sandbox/${place}`,
)

export function worldControl(
  { get, post }: ControlRouter,
  { stage, courier, journal }: Desk,
): void {
  const { world } = stage
  const clock = () => ({ offsetSeconds: world.clockOffsetSeconds, now: stage.now() })
  get('/', () => ({
    plays: 'WeChat and WeCom',
    says: 'scripts/sandbox/README.md lists every call',
    look: LOOK,
  }))
  get('/health', () => ({ ok: true, world: world.id }))
  get('/settings', () => world.settings)
  post('/settings', ({ body }) => changeSettings(world, body))
  get('/clock', clock)
  post('/clock', ({ body }) => {
    world.clockOffsetSeconds += readClock(body, 'body').advanceSeconds
    return clock()
  })
  post('/reset', () => {
    resetWorld(world)
    journal.clear()
  })
  post('/idle', () => courier.idle())
  get('/callbacks', () => courier.deliveries())
  get('/calls', () => journal.calls())
}
