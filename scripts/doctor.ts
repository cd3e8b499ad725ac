import { existsSync } from 'node:fs'
import path from 'node:path'
import { withDatabase } from './checkout/database.ts'
import { examine } from './doctor/examine.ts'
import { findInstallation } from './doctor/installation.ts'
import { toPasteLines, toPhoneLines } from './doctor/paste.ts'
import { createReport, fail, warn, type Report, type Words } from './doctor/report.ts'
import {
  dataDirOf,
  readEnvironment,
  say,
  StartRefused,
  type Environment,
} from './checkout/environment.ts'

const DATABASE: Words = ['数据库', 'database']

/** npm run doctor: what works, what does not and what to do, and what to paste where. Exit code 1 if anything FAILed. */
async function run(): Promise<void> {
  const { world, env, missing } = findInstallation(readEnvironment())
  const report = createReport(say, env)
  if (missing) report.add(missing)
  else {
    const callbackIps = await withDatabaseIfPossible(env, report, (known) =>
      examine(known, world, report),
    )
    const toDo = [...toPasteLines(env, world, callbackIps), ...toPhoneLines()]
    for (const line of toDo) report.print(line)
  }
  report.end()
  if (report.hasFailed()) process.exitCode = 1
}

/** A database that cannot be started is a finding like others: the rest is looked at all the same. */
async function withDatabaseIfPossible(
  env: Environment,
  report: Report,
  work: (env: Environment) => Promise<string[]>,
): Promise<string[]> {
  if (env['DATABASE_URL'] === undefined && !existsSync(path.join(dataDirOf(env), 'pg'))) {
    report.add(
      warn(
        DATABASE,
        [
          '没有设置 DATABASE_URL，自带的数据库还没有建立',
          'DATABASE_URL is not set, and the embedded database is not there yet',
        ],
        [
          '第一次启动会建立；正式环境建议使用有备份的 PostgreSQL',
          'the first start makes it; for real customers use a PostgreSQL with backups',
        ],
      ),
    )
    return work(env)
  }
  let found: Promise<string[]> | undefined
  const begin = async (url: string): Promise<void> =>
    void (await (found = work({ ...env, DATABASE_URL: url })))
  await withDatabase(env, begin).catch((error: unknown) =>
    found
      ? Promise.reject(error as Error)
      : report.add(
          fail(
            DATABASE,
            [
              '自带的 PostgreSQL 出错',
              `the embedded PostgreSQL: ${error instanceof Error ? error.message : String(error)}`,
            ],
            [
              '设置 DATABASE_URL 使用自己的 PostgreSQL，或查看 DATA_DIR/pg/postgres.log',
              'set DATABASE_URL to a PostgreSQL of your own, or read DATA_DIR/pg/postgres.log',
            ],
          ),
        ),
  )
  return found ?? work(env)
}

try {
  await run()
} catch (error) {
  process.stderr.write(
    `${error instanceof StartRefused ? error.message : String(error instanceof Error ? error.stack : error)}\n`,
  )
  process.exitCode = 1
}
