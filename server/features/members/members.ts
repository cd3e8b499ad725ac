// Who works here: keeps members (names, standing) and member_failures (whom WeCom could not be asked about).
// Woken by the clock each hour, when somebody gets a customer, and when an order names somebody unknown; WeCom tells of no change, so we look.
// Tells `member.left` of whoever has left or is disabled. Others read names here, and `staff` who still works here.
import { memberKey } from '../../../shared/userid.ts'
import { inTransaction, type Db } from '../../lib/db.ts'
import type { Log } from '../../lib/log.ts'
import type { MemberLook } from '../../outside/wecom/members.ts'
import type { Wecom } from '../../outside/wecom/wecom.ts'
import type { Publish } from '../facts.ts'
import { hasLeft, toStanding } from './members.rules.ts'
import * as store from './members.store.ts'

type Deps = {
  db: Db
  platforms: Pick<Wecom, 'members'>
  facts: Publish
  clock: () => Date
  log: Log
}

const MINUTE = 60_000
/** So long one answer of WeCom stands for the next actions of the same member. */
const FRESH_MS = MINUTE
/** Less than the hour between two rounds, so that a round that began a moment early skips nobody. */
const SIGNED_IN_MS = 30 * MINUTE
const FOLLOWING_MS = 24 * 60 * MINUTE
const ROUND = 500
const AT_ONCE = 5

/** Names of members, and whether they still work here. */
export function createMembers(deps: Deps) {
  return {
    /** The name of a member, also of one who has left; null while WeCom has told none. For people, never as proof of who he is. */
    nameOf: async (userId: string): Promise<string | null> =>
      (await namesOf(deps, [userId])).get(userId) ?? null,
    /** The same for several; who has no name is not in the map. */
    namesOf: (userIds: readonly string[]) => namesOf(deps, userIds),
    /** Who works here, as far as we know, under each of these names. Names are no proof: two may share one. */
    findByNames: (names: readonly string[]) => findByNames(deps, names),
    /** Asks WeCom about a member now. Throws what WeCom throws. */
    refresh: (userId: string) => refresh(deps, userId),
    /** Asks about a member whom we have not asked about today. */
    learn: (userId: string) => learn(deps, userId),
    /** Asks for the name of somebody whom an order names, unless that was in vain today. Throws what WeCom throws. */
    learnName: (userId: string) => learnName(deps, userId),
    /** Whether a member works here, as WeCom has said within the last minute; `unknown` while it cannot be asked. */
    standingNow: (userId: string) => standingNow(deps, userId),
    /** Asks about everybody who matters now: hourly who is signed in, daily who is followed by a customer. */
    refreshDue: () => refreshDue(deps),
  }
}
export type Members = ReturnType<typeof createMembers>

async function namesOf(deps: Deps, userIds: readonly string[]): Promise<Map<string, string>> {
  const known = new Map(
    (await store.pageNames(deps.db, userIds)).map(({ userId, name }) => [memberKey(userId), name]),
  )
  return new Map(
    userIds.flatMap((userId) => {
      const name = known.get(memberKey(userId))
      return name === undefined ? [] : [[userId, name]]
    }),
  )
}

async function findByNames(
  deps: Deps,
  names: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = (await store.pageNamed(deps.db, names)).filter(({ standing }) => !hasLeft(standing))
  return new Map(
    names.map((name) => [
      name,
      rows.filter((row) => row.name === name).map(({ userId }) => userId),
    ]),
  )
}

async function refresh(deps: Deps, userId: string): Promise<void> {
  const checkedAt = deps.clock()
  await keep(deps, { userId, look: await deps.platforms.members.get(userId), checkedAt })
}

type Seen = { userId: string; look: MemberLook; checkedAt: Date }

async function keep(deps: Deps, { userId, look, checkedAt }: Seen): Promise<void> {
  const standing = toStanding(look)
  const name = look.kind === 'found' ? look.name : null
  await inTransaction(deps, async (tx) => {
    const isNews = await store.upsertMember(tx.db, { userId, name, standing, checkedAt })
    // Not only when it changes: somebody may have signed in while he was on his way out.
    if (isNews && hasLeft(standing))
      await tx.facts.publish(tx.db, [{ fact: 'member.left', userId }])
  })
}

/** Kept in the database: it holds for every process, and a round that finds him gone is heard at once. */
async function standingNow(deps: Deps, userId: string): Promise<'here' | 'left' | 'unknown'> {
  const since = new Date(deps.clock().getTime() - FRESH_MS)
  const kept = await store.findStanding(deps.db, { userId, since })
  if (!kept && !(await attempt(deps, userId))) return 'unknown'
  const standing = kept ?? (await store.findStanding(deps.db, { userId, since }))
  if (standing === undefined) return 'unknown'
  return hasLeft(standing) ? 'left' : 'here'
}

async function learn(deps: Deps, userId: string): Promise<void> {
  const since = new Date(deps.clock().getTime() - FOLLOWING_MS)
  if (!(await store.wasChecked(deps.db, { userId, since }))) await attempt(deps, userId)
}

/** Who is only named, and whom WeCom does not know, has not left: he may begin tomorrow. He is asked about once a day. */
async function learnName(deps: Deps, userId: string): Promise<void> {
  const checkedAt = deps.clock()
  const since = new Date(checkedAt.getTime() - FOLLOWING_MS)
  if (await store.hasFailed(deps.db, { userId, since })) return
  const look = await deps.platforms.members.get(userId)
  if (look.kind === 'found') await keep(deps, { userId, look, checkedAt })
  else await store.upsertFailure(deps.db, { userId, failedAt: checkedAt })
}

async function refreshDue(deps: Deps): Promise<void> {
  const now = deps.clock()
  const before = (ms: number): Date => new Date(now.getTime() - ms)
  const due = await store.pageDue(deps.db, {
    now,
    signedInBefore: before(SIGNED_IN_MS),
    followingBefore: before(FOLLOWING_MS),
    limit: ROUND,
  })
  for (let start = 0; start < due.length; start += AT_ONCE) {
    const answered = await Promise.all(
      due.slice(start, start + AT_ONCE).map((userId) => attempt(deps, userId)),
    )
    // Not one of a handful: the trouble is not theirs, and the rest would run into it one by one.
    if (!answered.includes(true)) return
  }
}

/** A failure leaves the member due for the next round, behind all others, and stops nobody else. Answers whether he was looked up. */
async function attempt(deps: Deps, userId: string): Promise<boolean> {
  try {
    await refresh(deps, userId)
    return true
  } catch (error) {
    deps.log.warn({ err: error, userId }, 'a member could not be looked up; the next round comes')
    await store.upsertFailure(deps.db, { userId, failedAt: deps.clock() })
    return false
  }
}
