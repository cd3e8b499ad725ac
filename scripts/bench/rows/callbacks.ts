import { repeat, type Bench, type Effort, type Row } from '../bench.ts'
import { loadClosed, warmUp } from '../load.ts'
import { beside, startBaseline, startServer } from '../programs.ts'
import { prepareRings, repeatRings, sealRing } from '../rings.ts'
import { withClient } from '../world.ts'

const CONNECTIONS = 64
/** More than any of the three answers in a second here. */
const PREPARED_PER_SECOND = 10_000
const DRAINED_WITHIN_MS = 30_000

/** The same, uncounted. */
export const warmRings = (ports: readonly number[], { warm }: Effort): Promise<void> =>
  warmUp({ ports, connections: CONNECTIONS, next: sealRing }, warm)

/** Callbacks a second; each is another one. */
export const ring = (ports: readonly number[], windowMs: number): Promise<number> =>
  loadClosed({
    ports,
    connections: CONNECTIONS,
    windowMs,
    next: prepareRings((PREPARED_PER_SECOND * windowMs) / 1_000),
  })

export const measureCallbacks: Row = async ({ world, effort, platform }) => {
  const databaseUrl = await world.fresh()
  await withClient(databaseUrl, (client) =>
    client.query('create table if not exists bench_inbox (like callback_inbox including all)'),
  )
  const programs = [
    startServer({ databaseUrl, platformUrl: platform.url }),
    startBaseline('unstored'),
    startBaseline('transaction', { DATABASE_URL: databaseUrl }),
  ]
  const found = await beside(programs, async (...ports) => {
    const [stored, unstored, transaction] = ports
    for (const port of ports) await warmRings([port], effort)
    return repeat(effort, async () => ({
      a: await ring([unstored!], effort.windowMs),
      b: await ring([transaction!], effort.windowMs),
      // Last, and drained before the next: what it left to do would slow the others.
      stored: await ringAndDrain(stored!, { databaseUrl, effort }),
    }))
  })
  const { customers: size } = world
  const values = found.stored
  return [
    { line: 'callbacks of a', size, values, baselines: found.a },
    { line: 'callbacks of b', size, values, baselines: found.b },
  ]
}

async function ringAndDrain(
  port: number,
  { databaseUrl, effort }: Pick<Bench, 'effort'> & { databaseUrl: string },
): Promise<number> {
  const rate = await ring([port], effort.windowMs)
  await withClient(databaseUrl, async (client) => {
    const until = performance.now() + DRAINED_WITHIN_MS
    const waiting = 'select from callback_inbox where drained_at is null limit 1'
    while (((await client.query(waiting)).rowCount ?? 0) > 0 && performance.now() < until)
      await new Promise((resolve) => setTimeout(resolve, 20))
  })
  return rate
}

export const measureReceiving: Row = async ({ world, effort }) => {
  const next = repeatRings(1_000)
  const loadOf = (port: number) => ({ ports: [port], connections: CONNECTIONS, next })
  const ask = (port: number): Promise<number> =>
    loadClosed({ ...loadOf(port), windowMs: effort.windowMs })
  const programs = [startBaseline('unstored'), startBaseline('echo')]
  const found = await beside(programs, async (...ports) => {
    const [ours, echo] = ports
    for (const port of ports) await warmUp(loadOf(port), effort.warm)
    return repeat(effort, async () => ({ echo: await ask(echo!), ours: await ask(ours!) }))
  })
  return [{ line: 'receiving', size: world.customers, values: found.ours, baselines: found.echo }]
}
