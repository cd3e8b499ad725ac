import type { Db } from '../../lib/db.ts'

type Page = { before: number | null; limit: number }

export type Callback = {
  id: number
  source: string
  receivedAt: Date
  drainedAt: Date | null
  setAside: string | null
}

/** The newest first; what was in them stays where it is. */
export const pageCallbacks = (
  db: Db,
  { state, before, limit }: Page & { state: 'waiting' | 'aside' | null },
) =>
  db('callback_inbox')
    .modify((query) => {
      if (state === 'waiting') void query.whereRaw('drained_at is null')
      if (state === 'aside') void query.whereRaw('set_aside is not null')
      if (before !== null) void query.where('id', '<', before)
    })
    .orderBy('id', 'desc')
    .limit(limit)
    .select<Callback[]>({
      id: 'id',
      source: 'source',
      receivedAt: 'received_at',
      drainedAt: 'drained_at',
      setAside: 'set_aside',
    })

export type Event = {
  id: number
  type: string
  externalUserId: string
  userid: string
  addWay: number | null
  phone: string | null
  followedAt: Date | null
  createdAt: Date
}

/** Adds, deletions and transfers of contacts, the newest first. */
export const pageEvents = (
  db: Db,
  { externalUserId, before, limit }: Page & { externalUserId: string | undefined },
) =>
  db('wework_customer_events')
    .modify((query) => {
      if (externalUserId !== undefined) void query.where({ external_userid: externalUserId })
      if (before !== null) void query.where('id', '<', before)
    })
    .orderBy('id', 'desc')
    .limit(limit)
    .select<Event[]>({
      id: 'id',
      type: 'event_type',
      externalUserId: 'external_userid',
      userid: 'employee_userid',
      addWay: 'add_way',
      phone: 'customer_phone',
      followedAt: 'followed_at',
      createdAt: 'created_at',
    })
