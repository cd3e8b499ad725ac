import { openDb, type Db } from '../lib/db.ts'

/** Tables that stay small however many customers there are. */
const SMALL = new Set([
  'access_tokens',
  'admin_keys',
  'code_alarms',
  'configuration_alarms',
  'cron_fires',
  'imports',
  'installation',
  'kf_cursors',
  'knex_migrations',
  'member_roles',
  'members',
  'notice_alarms',
  'platform_assets',
  'reconciliations',
  'settings',
  'staff_sessions',
  '_private_job_queues',
  '_private_jobs',
  '_private_tasks',
])

type Node = {
  'Node Type': string
  'Relation Name'?: string
  'Index Name'?: string
  'Index Cond'?: string
  'Recheck Cond'?: string
  Plans?: Node[]
}

/**
 * Remembers the statements of a database, to ask Postgres afterwards how each would be carried out if every table were large.
 * Statements that read all of a table that grows are named in `allowed`, with the reason beside them.
 */
export function createScanWatch(allowed: readonly string[]) {
  const statements = new Set<string>()
  return {
    note: ({ sql }: { sql: string }): void => void statements.add(sql),
    /** Statements that read all of a table that grows: no index leads to the rows that they want. */
    findScans: async (connectionString: string): Promise<string[]> => {
      const found: string[] = []
      const db = openDb(connectionString, { maxConnections: 1 })
      try {
        await db.transaction(async (trx) => {
          // What is left is how it would be done with large tables: by an index, from row to row.
          for (const way of ['seqscan', 'hashjoin', 'mergejoin', 'material'])
            await trx.raw(`set local enable_${way} = off`)
          const written = await enlarge(trx)
          const partial = await pagePartialIndexes(trx)
          for (const sql of statements) {
            if (!/^\s*(?:select|with|insert|update|delete)\b/i.test(sql)) continue
            const scanned = await readAll(trx, { sql, partial, written })
            if (scanned.length > 0 && !allowed.some((part) => flatten(sql).includes(part)))
              found.push(`${[...new Set(scanned)].join(', ')}: ${flatten(sql)}`)
          }
        })
      } finally {
        await db.destroy()
      }
      return found
    },
  }
}

export const flatten = (sql: string): string => sql.replace(/\s+/g, ' ').trim()

/** What waits is a small part of its table. */
const pagePartialIndexes = async (db: Db): Promise<Set<string>> =>
  new Set(
    await db('pg_index as i')
      .join('pg_class as c', 'c.oid', 'i.indexrelid')
      .whereNotNull('i.indpred')
      .pluck<string[]>('c.relname'),
  )

/**
 * Postgres believes that each table has a million rows; of those in which nothing was ever written it knows better. Answers the
 * others. What it has learned of the few rows of a test is forgotten: on a slow machine it has had the time to, and sixty orders
 * of one phone would make it read all.
 */
async function enlarge(db: Db): Promise<Set<string>> {
  await db.raw('delete from pg_statistic')
  const { rows } = await db.raw<{ rows: { name: string }[] }>(`
    update pg_class set relpages = 1, reltuples = 1000000
    where relkind = 'r' and relnamespace = 'public'::regnamespace and pg_relation_size(oid) > 0
    returning relname as name`)
  return new Set(rows.map(({ name }) => name))
}

type Asked = { sql: string; partial: ReadonlySet<string>; written: ReadonlySet<string> }

async function readAll(db: Db, { sql, partial, written }: Asked): Promise<string[]> {
  const numbered = numberBindings(sql).replace(/\b1 = \$\d+/g, 'false')
  const { rows } = await db.transaction((trx) =>
    trx.raw<{ rows: { 'QUERY PLAN': { Plan: Node }[] }[] }>(
      `explain (generic_plan, format json) ${numbered}`,
    ),
  )
  return nodesOf(rows[0]!['QUERY PLAN'][0]!.Plan).flatMap((node) => {
    const table = node['Relation Name']
    const isScan = /(?:Seq|Index|Index Only|Bitmap Heap) Scan/.test(node['Node Type'])
    const isNarrow =
      node['Index Cond'] !== undefined ||
      node['Recheck Cond'] !== undefined ||
      partial.has(node['Index Name'] ?? '')
    const isLarge = table !== undefined && written.has(table) && !SMALL.has(table)
    return isLarge && isScan && !isNarrow ? [table] : []
  })
}

const nodesOf = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)]

/** knex tells statements with the placeholders of pg, or its own. */
const numberBindings = (sql: string): string => {
  let at = 0
  return sql.replace(/(?<![\\@?])\?(?![?|&])/g, () => `$${String((at += 1))}`)
}
