import path from 'node:path'
import pg from 'pg'
import { migrateDatabase } from '../../server/lib/migrate.ts'
import { root } from '../checkout/environment.ts'
import { describeCluster } from '../postgres/cluster.ts'
import { databaseUrl, ensureDatabase, startEmbedded } from '../postgres/embedded.ts'
import { chooseHome } from '../postgres/home.ts'
import { fill } from './fill.ts'
import { quietSchedules } from './house.ts'
import { toSizeName } from './options.rules.ts'
import { SECRET_KEY } from './programs.ts'
import { tell } from './tell.ts'

/** Changes when what is filled changes: a world filled otherwise is made anew. */
const FILLED_AS = 'bench filling 2'
const FILLED = 'bench'
const COPY = 'bench_run'
/** Up to here a copy for each row takes seconds; beyond, what a row has left is swept away. */
const COPIED_UP_TO = 100_000

export type World = Awaited<ReturnType<typeof openWorld>>

/** A Postgres of its own with so many customers, in a data folder that is kept; fsync on, as `npm start` runs it. */
export async function openWorld(customers: number) {
  const dir = path.join(root, '.data', `bench-${toSizeName(customers)}`)
  const embedded = await startEmbedded({ dir, durable: true, log: tell })
  try {
    await ensureFilled(embedded.url, customers)
  } catch (error) {
    await embedded.stop(true)
    throw error
  }
  return {
    customers,
    /** Where Postgres logs. */
    logFile: describeCluster(chooseHome(dir)).logFile,
    url: embedded.url,
    /** The URL of a database for one row, as if nothing had been measured before. */
    fresh: () => fresh(embedded.url, customers),
    /** Whoever is still connected is a program of the bench. */
    close: () => embedded.stop(true),
  }
}

/** Runs SQL on a database of its own connection. */
export async function withClient<Result>(
  connectionString: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString, application_name: 'bench' })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** The mark is set last: a filling that was killed counts for nothing. */
async function ensureFilled(url: string, customers: number): Promise<void> {
  if (await withClient(url, isFilled)) return
  tell(`filling ${customers.toLocaleString('en-US')} customers, kept for the next time ...`)
  const began = performance.now()
  await withClient(url, (client) => client.query(`drop database if exists ${FILLED} with (force)`))
  const filled = await ensureDatabase(url, FILLED)
  await migrate(filled)
  await withClient(filled, (client) => fill(client, customers))
  await withClient(url, (client) =>
    client.query(`comment on database ${FILLED} is '${FILLED_AS}'; checkpoint`),
  )
  tell(`filled in ${((performance.now() - began) / 1_000).toFixed(0)} s`)
}

async function isFilled(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query(
    `select from pg_database where datname = $1 and shobj_description(oid, 'pg_database') = $2`,
    [FILLED, FILLED_AS],
  )
  return rows.length > 0
}

/** The sandbox's kind: the server is given the sandbox's company. */
const migrate = (connectionString: string): Promise<void> =>
  migrateDatabase({ connectionString, kind: 'sandbox', secretKey: SECRET_KEY })

async function fresh(url: string, customers: number): Promise<string> {
  const isCopied = customers <= COPIED_UP_TO
  if (isCopied) await withClient(url, copy)
  const connectionString = databaseUrl(url, isCopied ? COPY : FILLED)
  await migrate(connectionString)
  if (!isCopied) await withClient(connectionString, (client) => sweep(client, customers))
  await quietSchedules(connectionString)
  await withClient(connectionString, (client) => client.query('checkpoint'))
  return connectionString
}

async function copy(client: pg.Client): Promise<void> {
  await client.query(`drop database if exists ${COPY} with (force)`)
  await client.query(`create database ${COPY} template ${FILLED} strategy file_copy`)
}

/** What is left may neither be worked on during the next row, nor collide with it, nor grow from run to run. */
async function sweep(client: pg.Client, customers: number): Promise<void> {
  await client.query(`
    truncate graphile_worker._private_jobs, graphile_worker._private_job_queues, lane_jobs, kf_cursors;
    truncate temp_bindings, staff_notices;
    delete from evidence where kind = 'phone_claim';
    delete from callback_inbox where id > ${customers};
    delete from kf_messages where id > ${customers};
    update bind_codes set status = 'expired', ended_at = now() where status = 'live';
    update pending_bindings set state = 'expired' where state = 'open'`)
  await client.query('drop table if exists bench_inbox')
  await client.query('vacuum analyze evidence, callback_inbox, kf_messages, temp_bindings')
}
