import {
  asObject,
  type Check,
  fail,
  flag,
  integer,
  list,
  oneOf,
  optional,
  record,
  text,
} from '../base/check.ts'
import { invalidateTokens } from '../apps/tokens.ts'
import { noFaults } from '../world/faults.ts'
import type { TokenKind, World } from '../world/types.ts'
import type { ControlRouter, Desk } from '../http/control.ts'

/** A probability 0..1; true is always, false never. */
const probability: Check<number> = (value, at) => {
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value !== 'number' || !(value >= 0 && value <= 1))
    fail(at, 'must be a probability from 0 to 1')
  return value
}
const sides: Check<boolean | 'weixin' | 'wecom'> = (value, at) =>
  typeof value === 'boolean' ? value : oneOf(['weixin', 'wecom'] as const)(value, at)
const nullable =
  <T>(check: Check<T>): Check<T | null> =>
  (value, at) =>
    value === null ? null : check(value, at)

const MINUTE_MS = 60_000
const readEndpoint = record({
  path: text(),
  times: optional(integer(1, 1_000_000)),
  errcode: optional(integer(-1, 99_999_999)),
  effect: optional(oneOf(['none', 'after'] as const)),
  hangup: optional(flag),
})
const readSlow = record({
  path: optional(text()),
  ms: integer(0, MINUTE_MS),
  times: optional(nullable(integer(1, 1_000_000))),
})
const readBroken = record({
  find: text(),
  set: optional(asObject),
  omit: optional(list(text(), { max: 20 })),
})

const readFaults = record({
  clear: optional(flag),
  seed: optional(integer(0, 0x7fff_ffff)),
  callbacks: optional(
    record({
      drop: optional(probability),
      duplicate: optional(probability),
      reorder: optional(probability),
      delayMs: optional(integer(0, MINUTE_MS)),
    }),
  ),
  endpoints: optional(list(readEndpoint, { max: 100 })),
  slow: optional(list(readSlow, { max: 100 })),
  sync: optional(
    record({
      emptyPages: optional(integer(0, 1000)),
      pageSize: optional(nullable(integer(1, 1000))),
    }),
  ),
  kfSendFail: optional(
    record({ times: integer(0, 1_000_000), failType: optional(integer(0, 12)) }),
  ),
  unionidUnavailable: optional(sides),
  broken: optional(list(readBroken, { max: 1000 })),
  undocumented: optional(oneOf(['fixed', 'random'] as const)),
  invalidateTokens: optional(
    record({
      which: oneOf(['wecom', 'weixin', 'all'] as const),
      errcode: optional(integer(40001, 42001)),
    }),
  ),
})

const kinds: Record<'wecom' | 'weixin', TokenKind[]> = {
  wecom: ['contact', 'kf'],
  weixin: ['mini', 'mini-stable', 'official', 'official-stable'],
}

type Wanted = ReturnType<typeof readFaults>

const given = (object: Record<string, unknown> | undefined): Record<string, unknown> =>
  Object.fromEntries(Object.entries(object ?? {}).filter(([, value]) => value !== undefined))

/** What is named is set, what is not named stays; lists are replaced as a whole. */
function apply(world: World, wanted: Wanted): void {
  if (wanted.clear === true) world.faults = noFaults()
  const { faults } = world
  if (wanted.seed !== undefined)
    Object.assign(faults, { seed: wanted.seed, randomState: wanted.seed })
  Object.assign(faults.callbacks, given(wanted.callbacks))
  Object.assign(faults.sync, given(wanted.sync))
  Object.assign(faults.kfSendFail, given(wanted.kfSendFail))
  // a setting, because it says what the platform is like: `clear` leaves it
  if (wanted.undocumented !== undefined) world.settings.undocumented = wanted.undocumented
  if (wanted.unionidUnavailable !== undefined) faults.unionidUnavailable = wanted.unionidUnavailable
  if (wanted.endpoints !== undefined) {
    faults.endpoints = wanted.endpoints.map((one) => ({
      path: one.path,
      times: one.times ?? 1,
      errcode: one.errcode ?? -1,
      effect: one.effect ?? 'none',
      hangup: one.hangup ?? false,
    }))
  }
  if (wanted.broken !== undefined)
    faults.broken = wanted.broken.map(({ find, set, omit }) => ({
      find,
      set: set ?? {},
      omit: omit ?? [],
    }))
  if (wanted.slow !== undefined) {
    faults.slow = wanted.slow.map((one) => ({
      path: one.path ?? '*',
      ms: one.ms,
      times: one.times ?? null,
    }))
  }
  invalidate(world, wanted.invalidateTokens)
}

/** A action rather than a state: the tokens of this moment die, the next gettoken gives new ones. */
function invalidate(world: World, wanted: Wanted['invalidateTokens']): void {
  if (wanted === undefined) return
  const { which, errcode } = wanted
  if (which !== 'weixin') invalidateTokens(world, kinds.wecom, errcode ?? 40014)
  if (which !== 'wecom') invalidateTokens(world, kinds.weixin, errcode ?? 40001)
}

export function faultsControl({ get, post }: ControlRouter, { stage }: Desk): void {
  get('/faults', () => stage.world.faults)
  post('/faults', ({ body }) => {
    apply(stage.world, readFaults(body, 'body'))
    return stage.world.faults
  })
}
