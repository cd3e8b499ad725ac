import type { Client, QueryConfig } from 'pg'

/** So many statements a connection keeps; a list of varying length makes a text of its own for each length. */
const MOST = 400

type Query = (config: QueryConfig, ...rest: unknown[]) => unknown

/**
 * Makes Postgres parse what a connection asks repeatedly only once: planning is most of what a short read costs, and knex
 * can name a statement only call by call. Texts without parameters are left alone, because several statements in one text
 * cannot be prepared. For the `afterCreate` of a pool.
 */
export function prepareRepeated(connection: Client): void {
  const nameOf = createNames()
  const query = connection.query.bind(connection) as Query
  const preparing: Query = (config, ...rest) => {
    const name = config.values?.length ? nameOf(config.text) : undefined
    return query(name === undefined ? config : { ...config, name }, ...rest)
  }
  connection.query = preparing as Client['query']
}

/** Names a text when it comes a second time, until there are enough. */
export function createNames(most = MOST): (sql: string) => string | undefined {
  const names = new Map<string, string>()
  const seenOnce = new Set<string>()
  return (sql) => {
    const known = names.get(sql)
    if (known !== undefined || names.size >= most) return known
    if (!seenOnce.delete(sql)) {
      if (seenOnce.size >= most) seenOnce.clear()
      seenOnce.add(sql)
      return undefined
    }
    const name = `repeated_${String(names.size + 1)}`
    names.set(sql, name)
    return name
  }
}
