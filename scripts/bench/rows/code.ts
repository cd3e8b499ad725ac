import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { repeat, type Bench, type Row } from '../bench.ts'
import { askOnce, BadAnswer, timer } from '../load.ts'
import { beside, startServer } from '../programs.ts'
import { sealRing } from '../rings.ts'
import { findPercentile } from '../statistics.rules.ts'
import { inventContacts, issueCodes, type Coded } from '../strangers.ts'
import { withClient } from '../world.ts'
import { prepare } from './chat.ts'

/** As finely as a look at one row by its index allows. */
const LOOK_EVERY_MS = 2
const PAUSE_MS = 50
const GIVE_UP_MS = 60_000
/** So many contacts show what the job runner keeps of each. */
const SEEN = 200

/**
 * One customer at a time, as most days are. A company with many customers has seen them all: what the job runner keeps of
 * each contact, measured here, lies there as often as it has customers.
 */
export const measureCode: Row = async (bench) => {
  const databaseUrl = await bench.world.fresh()
  const place = { databaseUrl, platformUrl: bench.platform.url }
  return withClient(databaseUrl, async (client) => {
    const kept = await beside([startServer(place)], (port) => findKept(client, bench, port!))
    await keep(client, Math.round(kept * bench.world.customers))
    const { p95 } = await beside([startServer(place)], async (port) => {
      await sendCodes(client, { bench, port: port!, count: 5 })
      return repeat(bench.effort, async () => ({
        p95: findPercentile(
          await sendCodes(client, { bench, port: port!, count: bench.effort.samples }),
          0.95,
        ),
      }))
    })
    const note = `the job runner keeps ${kept.toFixed(2)} rows of each contact that it has seen`
    return [{ line: 'code', size: bench.world.customers, values: p95, note }]
  })
}

type Sending = { bench: Bench; port: number; count: number }

/** ms of each. */
async function sendCodes(client: pg.Client, { bench, port, count }: Sending): Promise<number[]> {
  const spent: number[] = []
  const isOver = timer(bench.effort.atMostMs)
  for (const coded of await issueCodes(client, inventContacts(count))) {
    bench.platform.say([coded])
    const began = performance.now()
    await askOnce(port, sealRing())
    await untilDecided(client, coded)
    spent.push(performance.now() - began)
    if (isOver()) break
    await sleep(PAUSE_MS)
  }
  return spent
}

async function untilDecided(client: pg.Client, { accountId }: Coded): Promise<void> {
  const until = performance.now() + GIVE_UP_MS
  const decided = `select from pending_bindings where account_id = $1 and (state = 'bound' or reason = 'awaiting_tap')`
  while ((await client.query(decided, [accountId])).rowCount === 0) {
    if (performance.now() > until) throw new BadAnswer(`a code was not decided on in a minute`)
    await sleep(LOOK_EVERY_MS)
  }
}

const QUEUES = 'graphile_worker._private_job_queues'
const countQueues = async (client: pg.Client): Promise<number> =>
  (await client.query<{ count: number }>(`select count(*)::int as count from ${QUEUES}`)).rows[0]!
    .count

/** Rows that the job runner keeps of a contact when all is done. */
async function findKept(client: pg.Client, { platform }: Bench, port: number): Promise<number> {
  const before = await countQueues(client)
  const said = await prepare(client, 'words', SEEN)
  platform.say(said)
  await askOnce(port, sealRing())
  const waiting = `select from kf_messages where external_userid = any($1) and handled_at is not null`
  const contacts = said.map(({ from }) => from)
  const until = performance.now() + GIVE_UP_MS
  while (((await client.query(waiting, [contacts])).rowCount ?? 0) < SEEN) {
    if (performance.now() > until) throw new BadAnswer('words were not handled in a minute')
    await sleep(PAUSE_MS)
  }
  return ((await countQueues(client)) - before) / SEEN
}

async function keep(client: pg.Client, rows: number): Promise<void> {
  await client.query(
    `insert into ${QUEUES} (queue_name) select 'contact:bench-' || i from generate_series(1, ${rows}) as i on conflict do nothing`,
  )
  await client.query(`delete from graphile_worker._private_jobs`)
  await client.query(`vacuum analyze ${QUEUES}`)
}
