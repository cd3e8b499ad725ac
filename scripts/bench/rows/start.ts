import { repeat, type Row } from '../bench.ts'
import { startServer } from '../programs.ts'

/** Of the built server on a database that is up: from the start of its process until it is ready. */
export const measureStart: Row = async ({ world, effort, platform }) => {
  const databaseUrl = await world.fresh()
  const startOnce = async (): Promise<number> => {
    const server = await startServer({ databaseUrl, platformUrl: platform.url })
    await server.stop()
    return server.startedMs
  }
  await startOnce() // the first reads its files
  const { ms } = await repeat(effort, async () => ({ ms: await startOnce() }))
  return [{ line: 'start', size: world.customers, values: ms }]
}
