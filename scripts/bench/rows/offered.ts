import { repeat, type Row } from '../bench.ts'
import { loadOpen, timer } from '../load.ts'
import { beside, startServer } from '../programs.ts'
import { prepareRings } from '../rings.ts'
import { warmRings } from './callbacks.ts'
import { findPercentile } from '../statistics.rules.ts'

const PER_SECOND = 2_000
const CONNECTIONS = 128

export const measureOffered: Row = async ({ world, effort, platform }) => {
  const databaseUrl = await world.fresh()
  const offer = async (port: number, ms: number): Promise<number> => {
    const next = prepareRings((PER_SECOND * ms) / 1_000)
    const load = { ports: [port], connections: CONNECTIONS, perSecond: PER_SECOND, next }
    return findPercentile(await loadOpen({ ...load, isOver: timer(ms) }), 0.99)
  }
  const { p99 } = await beside(
    [startServer({ databaseUrl, platformUrl: platform.url })],
    async (port) => {
      await warmRings([port!], effort)
      return repeat(effort, async () => ({ p99: await offer(port!, effort.offeredMs) }))
    },
  )
  return [{ line: 'offered', size: world.customers, values: p99 }]
}
