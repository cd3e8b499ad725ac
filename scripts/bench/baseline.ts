// The other side of each ratio, in a process of its own as the server is. BENCH_BASELINE says which:
// unstored: the product's own door and route, with an inbox that forgets. echo: Koa and koa-body, which answers what came.
// transaction: plain Koa, the same crypto, one knex transaction a callback. reads: bare Koa, prepared statements.
import { createServer, type Server } from 'node:http'
import { echo } from './baselines/echo.ts'
import { createReads } from './baselines/reads.ts'
import { createTransaction } from './baselines/transaction.ts'
import { createUnstored } from './baselines/unstored.ts'

const KINDS = {
  echo,
  reads: createReads,
  transaction: createTransaction,
  unstored: createUnstored,
}

const kind = process.env['BENCH_BASELINE'] as keyof typeof KINDS
const handle = KINDS[kind]().callback()
const server: Server = createServer((request, response) => {
  if (request.url !== '/readyz') return void handle(request, response)
  response.end('ready')
})
server.listen(Number(process.env['PORT']), '127.0.0.1')
const leave = (): void => process.exit(0)
process.once('SIGTERM', leave)
if (process.channel) process.once('disconnect', leave)
