import Koa from 'koa'
import { koaBody } from 'koa-body'
import { openDb } from '../../../server/lib/db.ts'
import { sha256 } from '../../../server/lib/secrets.ts'
import { createPipe } from '../rings.ts'

/** What one would write first: check, decrypt, insert in a transaction of its own, answer. The table is made like the inbox. */
export function createTransaction(): Koa {
  const db = openDb(process.env['DATABASE_URL'] ?? '', { maxConnections: 10 })
  const pipe = createPipe()
  const app = new Koa()
  app.use(koaBody({ text: true, json: false, urlencoded: false, multipart: false }))
  app.use(async (ctx) => {
    const body = ctx.request.body as string
    const { xml: payload } = pipe.open({ query: ctx.query, body, now: new Date() })
    await db.transaction(async (tx) => {
      await tx('bench_inbox')
        .insert({ payload_hash: sha256(payload), source: 'wecom', payload })
        .onConflict('payload_hash')
        .ignore()
    })
    ctx.body = ''
    ctx.status = 200
  })
  return app
}
