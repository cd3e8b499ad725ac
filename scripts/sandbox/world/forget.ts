import type { World } from './types.ts'

const DAY_SECONDS = 86_400

function dropOlder<T>(table: Record<string, T>, limit: number, bornAt: (row: T) => number): void {
  for (const [key, row] of Object.entries(table)) if (bornAt(row) < limit) delete table[key]
}

/** One-time codes and the like long after their end; the file would only grow. Far beyond every life the platform has. */
export function forgetStale(world: World): void {
  const now = Math.floor(Date.now() / 1000) + world.clockOffsetSeconds
  const issuedAt = (row: { issuedAt: number }): number => row.issuedAt
  dropOlder(world.loginCodes, now - DAY_SECONDS, issuedAt)
  dropOlder(world.phoneCodes, now - DAY_SECONDS, issuedAt)
  dropOlder(world.welcomeCodes, now - DAY_SECONDS, issuedAt)
  dropOlder(world.kfCodes, now - 4 * DAY_SECONDS, issuedAt)
  dropOlder(world.kfMsgids, now - 7 * DAY_SECONDS, (at) => at)
  dropOlder(world.appMessages, now - DAY_SECONDS, (at) => at)
  for (const media of [world.media, world.weixinMedia])
    dropOlder(media, now - 7 * DAY_SECONDS, ({ createdAt }) => createdAt)
}
