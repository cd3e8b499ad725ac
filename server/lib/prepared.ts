import type { Client, QueryConfig } from 'pg'

/** So many statements a connection keeps; a list of varying length makes a text of its own for each length. */
const MOST = 400

type Query = (config: QueryConfig, told: unknown, ...rest: unknown[]) => unknown
/** A migration has changed what the statement answers: the next time it is prepared anew. */
const OUTDATED = '0A000'

/**
 * Makes Postgres parse what a connection asks repeatedly only once: planning is most of what a short read costs, and knex
 * can name a statement only call by call. Texts without parameters are left alone, because several statements in one text
 * cannot be prepared. For the `afterCreate` of a pool.
 */
export function prepareRepeated(connection: Client): void {
  const { nameOf, forget } = createNames()
  const query = connection.query.bind(connection) as Query
  const preparing: Query = (config, told, ...rest) => {
    const name = config.values?.length ? nameOf(config.text) : undefined
    if (name === undefined || typeof told !== 'function') return query(config, told, ...rest)
    return query({ ...config, name }, (error: { code?: string } | null, ...answer: unknown[]) => {
      if (error?.code === OUTDATED) forget(config.text)
      ;(told as (...all: unknown[]) => void)(error, ...answer)
    })
  }
  connection.query = preparing as Client['query']
}

/** Names a text when it comes a second time, until there are enough. */
export function createNames(most = MOST) {
  const names = new Map<string, string>()
  const seenOnce = new Set<string>()
  let given = 0
  const nameOf = (sql: string): string | undefined => {
    const known = names.get(sql)
    if (known !== undefined || names.size >= most) return known
    if (!seenOnce.delete(sql)) {
      if (seenOnce.size >= most) seenOnce.clear()
      seenOnce.add(sql)
      return undefined
    }
    given += 1
    const name = `repeated_${String(given)}`
    names.set(sql, name)
    return name
  }
  return { nameOf, forget: (sql: string): void => void names.delete(sql) }
}
