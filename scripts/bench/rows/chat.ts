import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { repeat, type Bench, type Row } from '../bench.ts'
import { askOnce, timer } from '../load.ts'
import type { Said } from '../platform.ts'
import { beside, startServer } from '../programs.ts'
import { sealRing } from '../rings.ts'
import { inventContacts, issueCodes, WORDS } from '../strangers.ts'
import { withClient } from '../world.ts'

const LOOK_EVERY_MS = 50

type Kind = 'words' | 'codes'

/** Each kind and each repetition has a server that owes nothing from before. */
export const measureChat: Row = async (bench) => {
  const found = await repeat(bench.effort, async () => ({
    words: await handleAll(bench, 'words'),
    codes: await handleAll(bench, 'codes'),
  }))
  const { customers: size } = bench.world
  const { messages, atMostMs } = bench.effort
  const note = `${messages.toLocaleString('en-US')} messages, counted for ${atMostMs / 1_000} s at most`
  return [
    { line: 'words', size, values: found.words, note },
    { line: 'codes', size, values: found.codes },
  ]
}

async function handleAll(bench: Bench, kind: Kind): Promise<number> {
  const databaseUrl = await bench.world.fresh()
  bench.platform.forget()
  const place = { databaseUrl, platformUrl: bench.platform.url }
  return withClient(databaseUrl, (client) =>
    beside([startServer(place)], async (port) => {
      const said = await prepare(client, kind, bench.effort.messages)
      bench.platform.say(said)
      const after = await mark(client)
      await askOnce(port!, sealRing())
      return count(client, { contacts: said.map(({ from }) => from), after, bench })
    }),
  )
}

/** What so many contacts will say. */
export async function prepare(client: pg.Client, kind: Kind, count: number): Promise<Said[]> {
  const contacts = inventContacts(count)
  return kind === 'codes'
    ? issueCodes(client, contacts)
    : contacts.map((from) => ({ from, text: WORDS }))
}

type Counting = { contacts: readonly string[]; after: Mark; bench: Pick<Bench, 'effort'> }
/** What was there when it began. */
type Mark = { id: number; now: Date }

async function mark(client: pg.Client): Promise<Mark> {
  const { rows } = await client.query<Mark>(
    'select coalesce(max(id), 0)::float8 as id, clock_timestamp() as now from kf_messages',
  )
  return rows[0]!
}

/** Messages a second from the ring until the last was handled, or until the time is over. */
async function count(client: pg.Client, { contacts, after, bench }: Counting): Promise<number> {
  const isOver = timer(bench.effort.atMostMs)
  while (!isOver() && (await hasWaiting(client, after, contacts.length))) await sleep(LOOK_EVERY_MS)
  const { rows } = await client.query<{ done: number; seconds: number }>(
    `select count(handled_at)::int as done, extract(epoch from max(handled_at) - $2)::float8 as seconds
     from kf_messages where id > $1 and external_userid = any($3)`,
    [after.id, after.now, contacts],
  )
  const { done, seconds } = rows[0]!
  return done === 0 ? 0 : done / seconds
}

/** All have come in when as many are there as were said. */
async function hasWaiting(client: pg.Client, { id }: Mark, wanted: number): Promise<boolean> {
  const { rows } = await client.query<{ handled: number }>(
    'select count(handled_at)::int as handled from kf_messages where id > $1',
    [id],
  )
  return rows[0]!.handled < wanted
}
