import { createServer } from 'node:http'
import { Router } from '@koa/router'
import { customerJobs } from './features/customers/customers.jobs.ts'
import { noticeJobs } from './features/notices/notices.jobs.ts'
import type { Room } from './features/room.ts'
import { createAuthenticate, createDoors } from './house/doors.ts'
import { createRooms, toHandedOver, type Rooms } from './house/rooms.ts'
import { createClients, createTools, type Tools } from './house/tools.ts'
import { createApp } from './http/app.ts'
import { createLimits } from './http/limits.ts'
import { close, listen } from './http/listener.ts'
import type { Config } from './config.ts'
import { createCron, cronTidying } from './lib/cron.ts'
import type { Db } from './lib/db.ts'
import type { Log } from './lib/log.ts'

export type Options = {
  log: Log
  clock?: () => Date
  /** What the schedules go by; a test that moves its clock by days need not ring in each of them. */
  bells?: () => Date
  /** Pages beside the product's own, of who composes the house. */
  pages?: Pages
}
export type Pages = (house: {
  config: Config
  db: Tools['db']
  reads: Tools['reads']
  clock: () => Date
  rooms: Pick<Rooms, 'projects' | 'questions' | 'remedies' | 'advisors'>
}) => Router

/** The one architect: builds every room and tells each who its neighbours are. Starts nothing. */
export function createHouse(
  config: Config,
  { log, clock = () => new Date(), bells = clock, pages = () => new Router() }: Options,
) {
  const tools = createTools(config, { log, clock })
  const clients = createClients(config, tools)
  const rooms = createRooms(config, tools, clients)
  const handedOver: Room[] = [...toHandedOver(rooms), cronTidying(tools)]
  connect(handedOver, { ...tools, callbacks: rooms.callbacks })
  const schedules = handedOver.flatMap((room) => room.schedules ?? [])
  const cron = createCron({ ...tools, clock: bells, schedules })
  const limits = createLimits({ clock })
  const { openApi, ...doors } = createDoors(config, tools, {
    rooms,
    handedOver,
    limits,
    isReady: () => readiness(tools.db),
    more: pages({ config, db: tools.db, reads: tools.reads, clock, rooms }),
  })
  const app = createApp({
    ...doors,
    log,
    limits,
    proxies: config.proxies,
    authenticate: createAuthenticate(rooms),
  })
  const handle = app.callback()
  const server = createServer((request, response) => void handle(request, response))
  return {
    access: rooms.access,
    openApi,
    /** Takes work and requests; answers the address it listens on. */
    start: async (): Promise<string> => {
      if (config.policy.trustPhoneClaim)
        log.warn(
          'BINDING_TRUST_PHONE_CLAIM is on: whoever states a phone first is bound to it when a member adds its owner (docs/security.md, G3)',
        )
      if (rooms.staffDesk.baseUrl === null)
        log.warn(
          'PUBLIC_BASE_URL is not set: members cannot sign in, and are not told of waiting customers',
        )
      await tools.jobs.add(tools.db, [customerJobs.carryOver.of(), noticeJobs.checkTemplates.of()])
      await tools.jobs.start()
      await cron.start()
      return listen(server, config.port, config.host)
    },
    /** Finishes what is under way and lets go of everything. */
    stop: async (): Promise<void> => {
      await close(server)
      await cron.stop()
      await tools.jobs.stop()
      await clients.close()
      await Promise.all([tools.db.destroy(), tools.reads.destroy()])
    },
  }
}
export type House = ReturnType<typeof createHouse>
/** Tells the rooms what is theirs to hear and to do, and the clock when. */
function connect(
  rooms: readonly Room[],
  { jobs, facts, callbacks }: Pick<Tools, 'jobs' | 'facts'> & Pick<Rooms, 'callbacks'>,
): void {
  for (const { listeners, onPlatformEvent, handlers } of rooms) {
    if (listeners) facts.listen(listeners)
    if (onPlatformEvent) callbacks.listen(onPlatformEvent)
    if (handlers) jobs.handle(handlers)
  }
}

async function readiness(db: Db) {
  try {
    await db.raw('select 1')
    return { ready: true }
  } catch {
    return { ready: false, reason: 'the database does not answer' }
  }
}
