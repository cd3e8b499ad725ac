import { readFileSync } from 'node:fs'
import Koa from 'koa'
import pg from 'pg'
import type { Main } from '../statements.rules.ts'

const BY_KEY = 'select id, customer_no, binding_status from customers where id = $1'

/** `/key` answers a row by its key; any other path the statement that the file BENCH_STATEMENTS gives for it. */
export function createReads(): Koa {
  const pool = new pg.Pool({
    connectionString: process.env['DATABASE_URL'],
    max: 10,
    // As the server's reads: planned once, not for each list of keys.
    options: '-c plan_cache_mode=force_generic_plan',
  })
  const customers = Number(process.env['BENCH_CUSTOMERS'])
  const byKey: Main = {
    text: BY_KEY,
    values: Array.from({ length: 1_000 }, (_, at) => [String(1 + ((at * 7_919) % customers))]),
  }
  const file = process.env['BENCH_STATEMENTS'] ?? ''
  const given = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Main>
  const statements = new Map(Object.entries({ ...given, '/key': byKey }))
  let asked = 0
  const app = new Koa()
  app.use(async (ctx) => {
    const statement = statements.get(ctx.path)
    if (statement === undefined) return
    const { text, values } = statement
    asked += 1
    const { rows } = await pool.query<object>({
      name: ctx.path,
      text,
      values: values[asked % values.length]!,
    })
    ctx.body = { rows }
  })
  return app
}
