import { openDb, type Db } from '../../lib/db.ts'

/**
 * A process that can be killed at any point at which it speaks to anybody: at each statement it sends to Postgres, and at
 * each place that calls `reach`. Then it says and hears nothing more, as after kill -9.
 */
export function createLife(connectionString: string) {
  let reached = 0
  let diesAt = Infinity
  let die = (): void => {}
  const pids = new Set<number>()
  const death = new Promise<'dead'>((resolve) => {
    die = () => resolve('dead')
  })
  /** Whether it lives on. */
  const isAlive = (): boolean => {
    if (reached < diesAt) reached += 1
    if (reached < diesAt) return true
    die()
    return false
  }
  const never = new Promise<never>(() => {})
  const db = openDb(connectionString, { maxConnections: 4 })
  const client = db.client as { acquireRawConnection: () => Promise<Connection> }
  const acquire = client.acquireRawConnection.bind(client)
  client.acquireRawConnection = async () => {
    const connection = await acquire()
    pids.add(connection.processID)
    const query = connection.query.bind(connection)
    connection.query = (...args) => (isAlive() ? query(...args) : undefined)
    return connection
  }
  return {
    db,
    death,
    /** Points that it has passed since it was counted last. */
    count: (): number => reached,
    killAt: (point: number): void => {
      reached = 0
      diesAt = point
    },
    reach: (): Promise<void> => (isAlive() ? Promise.resolve() : never),
    /** Postgres has ended what it had begun, as when its socket closes: until then others pass by what it has locked. */
    bury: async (admin: Db): Promise<void> => {
      await admin.raw('select pg_terminate_backend(pid, 10000) from unnest(?::int[]) as pid', [
        [...pids],
      ])
      // What it waits for never comes.
      void db.destroy()
    },
    end: (): Promise<void> => db.destroy(),
  }
}
export type Life = ReturnType<typeof createLife>
type Connection = { processID: number; query: (...args: unknown[]) => unknown }
