import { repeat, type Row } from '../bench.ts'
import { beside, startServer } from '../programs.ts'
import { ring, warmRings } from './callbacks.ts'

/** The same load on 1, 2 and 4 processes on one database. */
export const measureProcesses: Row = async ({ world, effort, platform }) => {
  const rates = new Map<number, number[]>()
  for (const count of [1, 2, 4]) {
    const place = { databaseUrl: await world.fresh(), platformUrl: platform.url }
    const servers = Array.from({ length: count }, () => startServer(place))
    const { rate } = await beside(servers, async (...ports) => {
      await warmRings(ports, {
        ...effort,
        warm: { ...effort.warm, requests: effort.warm.requests * count },
      })
      return repeat(effort, async () => ({ rate: await ring(ports, effort.windowMs) }))
    })
    rates.set(count, rate)
  }
  const { customers: size } = world
  return [
    { line: '2 processes', size, values: rates.get(2)!, baselines: rates.get(1)! },
    { line: '4 processes', size, values: rates.get(4)!, baselines: rates.get(2)! },
  ]
}
