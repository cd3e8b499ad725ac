import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { phoneClaimJobs } from '../../../server/features/phone-claims/phone-claims.jobs.ts'
import type { Effort, Row } from '../bench.ts'
import { toHmac } from '../fill.ts'
import { tokenOf } from '../filling.ts'
import { BadAnswer, loadOpen, timer } from '../load.ts'
import { beside, startServer } from '../programs.ts'
import { tell } from '../tell.ts'
import { toGet } from '../wire.rules.ts'
import { withClient } from '../world.ts'

const READS_PER_SECOND = 100
const CONNECTIONS = 16
const LOOK_EVERY_MS = 200
const GIVE_UP_MS = 180_000
/** Reads go on for a while before and after, so that the worst of them is not that of a start. */
const AROUND_MS = 1_000

/** Once: a million claims are not made three times over. */
export const measureExpiry: Row = async ({ world, effort, platform }) => {
  const databaseUrl = await world.fresh()
  return withClient(databaseUrl, async (client) => {
    await state(client, effort, world.customers)
    const place = { databaseUrl, platformUrl: platform.url }
    const { seconds, worst } = await beside([startServer(place)], (port) => expire(client, port!))
    const { customers: size } = world
    const note = `once, ${effort.claims.toLocaleString('en-US')} claims, each with its evidence; ${READS_PER_SECOND} reads/s of projects/my`
    return [
      { line: 'expiry', size, values: [seconds], note },
      { line: 'worst read', size, values: [worst] },
    ]
  })
}

async function expire(
  client: pg.Client,
  port: number,
): Promise<{ seconds: number; worst: number }> {
  let isOver = false
  let customer = 0
  const next = (): string => toGet('/api/projects/my', tokenOf(1 + ((customer += 1) % 4_000)))
  const load = { ports: [port], connections: CONNECTIONS, perSecond: READS_PER_SECOND, next }
  await loadOpen({ ...load, isOver: timer(AROUND_MS * 2) })
  const reading = loadOpen({ ...load, isOver: () => isOver })
  reading.catch(() => {}) // a server that is stuck answers none of them: its end ends them
  try {
    await sleep(AROUND_MS)
    const began = performance.now()
    await client.query(`select graphile_worker.add_job($1)`, [phoneClaimJobs.expire.name])
    await untilExpired(client)
    const seconds = (performance.now() - began) / 1_000
    await sleep(AROUND_MS)
    isOver = true
    return { seconds, worst: Math.max(...(await reading)) }
  } finally {
    isOver = true
  }
}

async function untilExpired(client: pg.Client): Promise<void> {
  const until = performance.now() + GIVE_UP_MS
  const waiting = `select from temp_bindings where status = 'waiting' and expires_at <= now() limit 1`
  while (((await client.query(waiting)).rowCount ?? 0) > 0) {
    const { rows } = await client.query<{ last_error: string }>(
      `select last_error from graphile_worker.jobs where task_identifier = $1 and last_error is not null`,
      [phoneClaimJobs.expire.name],
    )
    if (rows[0]) throw new BadAnswer(`the expiry failed: ...${rows[0].last_error.slice(-200)}`)
    if (performance.now() > until) throw new BadAnswer(`not over in ${GIVE_UP_MS / 1_000} s`)
    await sleep(LOOK_EVERY_MS)
  }
}

/** Claims whose 48 hours are over, each of a phone of its own, with what was recorded as evidence when it was stated. */
async function state(client: pg.Client, { claims }: Effort, accounts: number): Promise<void> {
  const began = performance.now()
  const phone = `('137' || lpad(i::text, 8, '0'))`
  await client.query(`set session_replication_role = replica; set synchronous_commit = off`)
  await client.query(
    `with stated as (
       insert into temp_bindings (account_id, wechat_openid, phone_number, phone_hmac, created_at, expires_at)
       select 1 + i % ${accounts}, 'bench-openid-' || 1 + i % ${accounts}, ${phone}, ${toHmac(phone, 'phone')}, now() - interval '49 hours', now() - interval '1 hour'
       from generate_series(1, ${claims}) as i
       returning id, account_id, phone_hmac
     )
     insert into evidence (kind, account_id, phone_hmac, phone_masked, source_id, observed_at, valid_until)
     select 'phone_claim', account_id, phone_hmac, '137****0000', id::text, now() - interval '49 hours', now() - interval '1 hour' from stated`,
  )
  tell(`     ${claims} claims stated in ${((performance.now() - began) / 1_000).toFixed(0)} s`)
  await client.query('reset all')
  await client.query('vacuum analyze temp_bindings, evidence')
  await client.query('checkpoint')
}
