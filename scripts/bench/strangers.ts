import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { toHmac } from './fill.ts'
import { unionIdOf, type Said } from './platform.ts'

/** Contacts whom nobody has seen before. */
export function inventContacts(count: number): string[] {
  const first = randomUUID().replaceAll('-', '').slice(0, 20)
  return Array.from({ length: count }, (_, at) => `wm${first}${String(at).padStart(8, '0')}`)
}

export const WORDS = '请问什么时候可以量尺'

/** Six digits; no two of 900,000 are alike. */
const CODE = `lpad((100000 + (:first + at) * 7919::bigint % 900000)::text, 6, '0')`
let issued = Math.floor(Math.random() * 900_000)

export type Coded = Said & { accountId: number }

/** An account that shows a code for each contact, of the same WeChat user; what the contact will say is the code. */
export async function issueCodes(client: pg.Client, contacts: readonly string[]): Promise<Coded[]> {
  const code = CODE.replace(':first', String(issued))
  issued += contacts.length
  const { rows } = await client.query<Coded>(
    `with coming as (
       select place as at, external, union_id, ${code.replaceAll('at)', 'place)')} as code
       from unnest($1::text[], $2::text[]) with ordinality as given(external, union_id, place)
     ), made as (
       insert into accounts (app, openid, unionid, identity_checked_at)
       select 'miniprogram', 'openid-' || external, union_id, now() from coming
       returning id, openid
     ), known as (
       select made.id, coming.* from made join coming on made.openid = 'openid-' || coming.external
     ), shown as (
       insert into bind_codes (account_id, code_hmac, digits, nonce_hash, issued_at, expires_at)
       select id, ${toHmac('code', 'bind code')}, 6, sha256(convert_to(external, 'UTF8')), now(), now() + interval '10 minutes' from known
     )
     select id as "accountId", external as "from", code as text from known order by at`,
    [contacts, contacts.map(unionIdOf)],
  )
  return rows
}
