import pg from 'pg'

/** What the global setup tells the workers (process.env is the only thing that reaches them). */
export type TestPostgres = {
  /** A database of the server, to create and drop others from. */
  url: string
  /** Number of this run; part of the names of its databases. */
  run: number
  template: string
}

const VARIABLE = 'JINDUTONG_TEST_POSTGRES'

export const announce = (postgres: TestPostgres): void =>
  void (process.env[VARIABLE] = JSON.stringify(postgres))

export function readAnnounced(): TestPostgres {
  const text = process.env[VARIABLE]
  if (!text)
    throw new Error('testDatabase() works only under `npm test`: the global setup starts Postgres')
  return JSON.parse(text) as TestPostgres
}

export async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return client
}

export const databaseName = (run: number, worker: string, serial: string): string =>
  `jindutong_test_${run}_w${worker}_${serial}`

/** Drops the test databases whose name matches a `like` pattern. */
export async function dropDatabases(admin: pg.Client, pattern: string): Promise<void> {
  for (const name of await listDatabases(admin, pattern))
    await admin.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`)
}

export async function listDatabases(admin: pg.Client, pattern: string): Promise<string[]> {
  const { rows } = await admin.query<{ datname: string }>(
    'select datname from pg_database where datname like $1',
    [pattern],
  )
  return rows.map((row) => row.datname)
}
