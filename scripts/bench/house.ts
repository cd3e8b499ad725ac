import { readConfig } from '../../server/config.ts'
import { createRooms, toHandedOver, type Rooms } from '../../server/house/rooms.ts'
import { createClients, createTools, type Tools } from '../../server/house/tools.ts'
import { createLog } from '../../server/lib/log.ts'
import { serverEnvironment } from './programs.ts'

const TIME_ZONE = 'Asia/Shanghai'
const HOURS_AHEAD = 6

type House = { tools: Tools; rooms: Rooms }

/** The rooms in this very process, on a database; nothing of them is started. */
export async function withRooms<Result>(
  databaseUrl: string,
  work: (house: House) => Promise<Result>,
): Promise<Result> {
  const config = readConfig(serverEnvironment({ databaseUrl, platformUrl: 'http://127.0.0.1:9' }))
  const tools = createTools(config, { log: createLog({ level: 'warn' }), clock: () => new Date() })
  const clients = createClients(config, tools)
  try {
    return await work({ tools, rooms: createRooms(config, tools, clients) })
  } finally {
    await clients.close()
    await tools.db.destroy()
  }
}

/** What the clock orders each hour and day is taken as done: tidying a million rows is not what a row measures. */
export const quietSchedules = (databaseUrl: string): Promise<void> =>
  withRooms(databaseUrl, async ({ tools, rooms }) => {
    const seldom = toHandedOver(rooms)
      .flatMap(({ schedules = [] }) => schedules)
      .filter(({ every }) => every !== 'minute')
    await tools.db.raw(
      `insert into cron_fires (name, slot)
       select name, date_trunc(every, now() + hours * interval '1 hour', ?)
       from unnest(?::text[], ?::text[]) as seldom(name, every), generate_series(0, ?::int) as hours
       on conflict do nothing`,
      [TIME_ZONE, seldom.map(({ job }) => job.name), seldom.map(({ every }) => every), HOURS_AHEAD],
    )
  })
