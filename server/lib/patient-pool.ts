import pg from 'pg'
import { sqlState } from './db.ts'
import type { Log } from './log.ts'

/** The code on which graphile-worker waits and tries again: Postgres says it while it starts. */
const NOT_NOW = '57P03'

/**
 * A pool for graphile-worker that calls every loss of the database by a code it retries. With any other error it cannot
 * tell the end of a job, and the unhandled rejection takes the whole process down (0.17: completeJob, failJob).
 */
export function createPatientPool(
  connectionString: string,
  { max, log }: { max: number; log: Pick<Log, 'warn'> },
): pg.Pool {
  const pool = new pg.Pool({ connectionString, max })
  const noteLoss = (error: Error): void =>
    log.warn({ err: error }, 'a connection of the job runner was lost')
  pool.on('error', noteLoss)
  pool.on('connect', (client) => {
    client.on('error', noteLoss)
    client.query = naming(client.query.bind(client))
  })
  pool.connect = naming(pool.connect.bind(pool))
  return pool
}

type Callback = (...args: unknown[]) => unknown

/** The same function, with promise or callback, whose failures are named. */
function naming<F>(run: F): F {
  const named = (...args: unknown[]): unknown => {
    const last = args.at(-1)
    if (typeof last === 'function')
      args.splice(-1, 1, (error: unknown, ...rest: unknown[]) =>
        (last as Callback)(error && nameLoss(error), ...rest),
      )
    const answer = (run as (...args: unknown[]) => unknown)(...args)
    return answer instanceof Promise
      ? answer.catch((error: unknown) => {
          throw nameLoss(error)
        })
      : answer
  }
  return named as F
}

function nameLoss(error: unknown): unknown {
  const state = sqlState(error)
  const isLoss = state === undefined || state.startsWith('08') || state.startsWith('57P')
  return isLoss && error instanceof Error ? Object.assign(error, { code: NOT_NOW }) : error
}
