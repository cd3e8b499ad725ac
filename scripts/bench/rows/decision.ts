import type pg from 'pg'
import { inTransaction } from '../../../server/lib/db.ts'
import { repeat, type Effort, type Row } from '../bench.ts'
import { withRooms } from '../house.ts'
import { timer } from '../load.ts'
import { unionIdOf } from '../platform.ts'
import { toMedian } from '../statistics.rules.ts'
import { inventContacts } from '../strangers.ts'
import { withClient } from '../world.ts'

type Rooms = Parameters<Parameters<typeof withRooms>[1]>[0]
type Contact = { externalUserId: string; phone: string }

/**
 * A salesperson has found a phone and added its owner: what that means, from the locks to the commit. In this process, so
 * that it is the decision alone, without ring, queue and platform.
 */
export const measureDecision: Row = async ({ world, effort }) => {
  const databaseUrl = await world.fresh()
  return withClient(databaseUrl, (client) =>
    withRooms(databaseUrl, async (house) => {
      await decideAll(client, house, effort) // statements are prepared when they come again
      const { ms } = await repeat(effort, async () => ({
        ms: toMedian(await decideAll(client, house, effort)),
      }))
      return [{ line: 'decision', size: world.customers, values: ms }]
    }),
  )
}

/** ms of each. */
async function decideAll(client: pg.Client, house: Rooms, effort: Effort): Promise<number[]> {
  const spent: number[] = []
  const isOver = timer(effort.atMostMs)
  for (const contact of await add(client, effort.samples)) {
    if (isOver()) break
    const began = performance.now()
    await decide(house, contact)
    spent.push(performance.now() - began)
  }
  return spent
}

const decide = ({ tools, rooms }: Rooms, { externalUserId, phone }: Contact): Promise<void> =>
  inTransaction(tools, async (tx) => {
    const lockedAccountIds = await rooms.customers.lockContact(tx.db, {
      externalUserId,
      unionId: unionIdOf(externalUserId),
      mobiles: [phone],
    })
    await rooms.customers.considerContact(tx.db, {
      externalUserId,
      lockedAccountIds,
      now: tx.clock(),
    })
  })

let numbered = Math.floor(Math.random() * 9_000_000)

/** New contacts as the address book writes them, each added by the search for a phone of its own. */
async function add(client: pg.Client, count: number): Promise<Contact[]> {
  const externals = inventContacts(count)
  const phones = externals.map((_, at) => `139${String(numbered + at).padStart(8, '0')}`)
  numbered += count
  await client.query(
    `with coming as (select * from unnest($1::text[], $2::text[], $3::text[]) as given(external, union_id, phone)),
     known as (
       insert into contacts (external_userid, name, type, unionid, identity_checked_at, fetched_at)
       select external, '客户', 1, union_id, now(), now() from coming
     ), followed as (
       insert into contact_follows (external_userid, userid, add_way, oper_userid, remark_mobiles, first_mobiles, mobiles_seen_at, followed_at, fetched_at)
       select external, 'advisor-1', 2, 'advisor-1', array[phone], array[phone], now(), now(), now() from coming
     )
     insert into wework_customer_events (event_type, external_userid, employee_userid, customer_phone, add_way, followed_at)
     select 'add_external_contact', external, 'advisor-1', phone, 2, now() from coming`,
    [externals, externals.map(unionIdOf), phones],
  )
  return externals.map((externalUserId, at) => ({ externalUserId, phone: phones[at]! }))
}
