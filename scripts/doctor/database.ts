import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import type { ComparedPairs } from '../../server/features/ties/platforms.rules.ts'
import { countDifferentPairs, hasEqualPair } from '../../server/features/ties/platforms.store.ts'
import { SERVED_BY_PEOPLE_MS } from '../../server/features/kf/kf.rules.ts'
import { wasServedByPeople } from '../../server/features/kf/kf.store.ts'
import { findClockDoubt } from '../../server/lib/clock-doubts.ts'
import { openDb, type Db } from '../../server/lib/db.ts'
import type { Config } from '../../server/config.ts'
import { createLog } from '../../server/lib/log.ts'
import { createSecrets } from '../../server/lib/secrets.ts'
import { fail, ok, warn, type Finding, type Words } from './report.ts'

const DATABASE: Words = ['数据库', 'database']
const SCHEMA: Words = ['表结构', 'schema']
const JOBS: Words = ['后台任务', 'jobs']
const CALLBACK_TIMES: Words = ['回调时间', 'time of callbacks']
const NUMBERS: Words = ['号码核实', 'whose numbers are']
const BINDING_CHAT: Words = ['绑定用的客服账号', 'kf account for binding']
const CLOCKS_APART_MS = 5_000

/** Opens the database for as long as `work` takes; a finding when nobody answers there. */
export async function withDb<T>(url: string, work: (db: Db) => Promise<T>): Promise<T | Finding> {
  const db = openDb(url, { maxConnections: 1, log: createLog({ level: 'silent' }) }) // what goes wrong is a finding
  try {
    const problem = await db.raw('select 1').then(
      () => undefined,
      (error: unknown) => toReason(error),
    )
    return problem === undefined ? await work(db) : notReachable(problem)
  } finally {
    await db.destroy()
  }
}

/** ECONNREFUSED, or the SQLSTATE of a refusal: 28P01 is a wrong password, 3D000 no such database. */
const toReason = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : 'no answer'

const notReachable = (reason: string): Finding =>
  fail(
    DATABASE,
    ['连接不上 DATABASE_URL', `no connection to DATABASE_URL: ${reason}`],
    [
      '检查地址、端口、用户名、密码，以及数据库是否允许本机连接（28P01 密码错误，3D000 没有这个数据库）',
      'check host, port, user and password, and that the database lets this machine in (28P01: wrong password, 3D000: no such database)',
    ],
  )

/** Only reads: a database that has never been started with stays as it is. */
export async function examineDatabase(
  db: Db,
  { config, lacking }: { config: Config; lacking: ReadonlySet<string> },
): Promise<Finding[]> {
  const {
    rows: [server],
  } = await db.raw<{ rows: { version: string; now: Date }[] }>(
    `select current_setting('server_version') as version, clock_timestamp() as now`,
  )
  const apartMs = Math.abs(Date.now() - server!.now.getTime())
  const findings = [
    apartMs > CLOCKS_APART_MS
      ? warn(
          DATABASE,
          [
            '可以连接，但时钟不一致',
            `reachable, but its clock is ${String(Math.round(apartMs / 1000))} s away`,
          ],
          ['两台机器都用 NTP 校时', 'keep both machines in time with NTP'],
        )
      : ok(DATABASE, ['可以连接', `reachable, PostgreSQL ${server!.version}`]),
  ]
  if (!(await db.schema.hasTable('knex_migrations'))) {
    return [
      ...findings,
      warn(
        SCHEMA,
        ['还没有建表', 'there are no tables yet'],
        [
          '第一次启动时会自动建表，也可以运行 npm run migrate',
          'the first start makes them, and so does npm run migrate',
        ],
      ),
    ]
  }
  return [
    ...findings,
    await examineVersion(db),
    ...(await examineStamp(db, {
      kind: config.kind,
      secretKey: lacking.has('SECRET_KEY') ? undefined : config.secretKey,
    })),
    ...(await examineJobs(db)),
    ...(await examineQuestions(db)),
    ...(await examineServed(db, config)),
    ...(await examineCallbackTimes(db)),
  ]
}

/** The list stands in file names: 0001_what.ts, or .js in the build. */
function listKnownMigrations(): string[] {
  const folder = path.resolve(import.meta.dirname, '../../server/migrations')
  if (!existsSync(folder)) return []
  return [
    ...new Set(readdirSync(folder).map((name) => /^(\d{4}_\w+)\.[jt]s$/.exec(name)?.[1] ?? '')),
  ]
    .filter((name) => name !== '')
    .sort()
}

async function examineVersion(db: Db): Promise<Finding> {
  const known = listKnownMigrations()
  const applied = await db('knex_migrations').pluck<string[]>('name')
  const newer = applied.filter((name) => !known.includes(name))
  const missing = known.filter((name) => !applied.includes(name))
  if (newer.length > 0) {
    return fail(
      SCHEMA,
      ['数据库来自更新的版本', `a newer version has migrated it: ${newer.join(', ')}`],
      ['启动那个版本，或恢复旧的备份', 'start that version, or restore an older backup'],
    )
  }
  if (missing.length > 0) {
    return warn(
      SCHEMA,
      ['需要升级', `to be brought up to date: ${missing.join(', ')}`],
      [
        '启动服务时会自动升级，也可以运行 npm run migrate',
        'a start does it, and so does npm run migrate',
      ],
    )
  }
  return ok(SCHEMA, ['最新', `up to date, ${known.at(-1) ?? ''}`])
}

async function examineStamp(
  db: Db,
  config: Pick<Config, 'kind'> & { secretKey: string | undefined },
): Promise<Finding[]> {
  const row = await db('installation').first<
    { kind: string; secret_fingerprint: string | null } | undefined
  >('kind', 'secret_fingerprint')
  if (!row) return []
  if (row.kind !== config.kind) {
    return [
      fail(
        SCHEMA,
        [
          `数据库属于 ${row.kind} 环境，当前配置是 ${config.kind}`,
          `the database holds the ${row.kind} world, the configuration is for the ${config.kind} one`,
        ],
        ['换一个 DATABASE_URL（或 DATA_DIR）', 'use another DATABASE_URL, or DATA_DIR'],
      ),
    ]
  }
  if (
    config.secretKey !== undefined &&
    row.secret_fingerprint !== null &&
    row.secret_fingerprint !== fingerprintOf(config.secretKey)
  ) {
    return [
      fail(
        SCHEMA,
        [
          'SECRET_KEY 与这个数据库使用的不一致',
          'SECRET_KEY is not the one this database was filled with',
        ],
        [
          '换回原来的 SECRET_KEY：它不能更换，否则手机号再也对不上',
          'set the former one again: it cannot be changed, or no phone is ever found again',
        ],
      ),
    ]
  }
  return [ok(SCHEMA, ['环境标记正确', `stamped ${row.kind}`])]
}

/** As lib/migrate stamps it. */
const fingerprintOf = (secretKey: string): string =>
  createSecrets(secretKey).hmac('fingerprint', 'installation').toString('hex').slice(0, 16)

async function examineJobs(db: Db): Promise<Finding[]> {
  const counts = [await countFailed(db, 'graphile_worker.jobs'), await countFailed(db, 'lane_jobs')]
  const known = counts.filter((count) => count !== undefined)
  if (known.length === 0) return []
  const failed = known.reduce((sum, count) => sum + count, 0)
  if (failed === 0) return [ok(JOBS, ['没有彻底失败的任务', 'none has failed for good'])]
  return [
    warn(
      JOBS,
      [`${String(failed)} 个任务彻底失败`, `${String(failed)} failed for good`],
      [
        '处理方法见 docs/operations.md',
        'docs/operations.md says how to look at them and run them again',
      ],
    ),
  ]
}

/** undefined: there is no such table yet. */
async function countFailed(db: Db, table: string): Promise<number | undefined> {
  const {
    rows: [found],
  } = await db.raw<{ rows: { there: string | null }[] }>(`select to_regclass(?)::text as there`, [
    table,
  ])
  if (found?.there == null) return undefined
  const [row] = await db(table)
    .whereRaw('attempts >= max_attempts')
    .count<{ count: number }[]>({ count: '*' })
  return Number(row!.count)
}

/** Members did not know whose a number is, or had a working day to say so. */
async function examineQuestions(db: Db): Promise<Finding[]> {
  if (!(await db.schema.hasColumn('reviews', 'escalated_at'))) return []
  const open = db('reviews')
    .where({ kind: 'number' })
    .whereNull('closed_at')
    .whereNotNull('escalated_at')
  const [row] = await open.count<{ count: number }[]>({ count: '*' })
  const count = String(row?.count ?? 0)
  if (count === '0')
    return [ok(NUMBERS, ['没有等管理员回答的问题', 'no question waits for an admin'])]
  return [
    warn(
      NUMBERS,
      [
        `${count} 个问题等管理员回答，客户看不到其中的订单`,
        `${count} questions wait for an admin; the orders in them are hidden`,
      ],
      [
        'GET /api/admin/questions 里 escalated 为 true 的：与客户或顾问核实后，用 POST /api/admin/questions/:id/answer 回答（docs/operations.md）',
        'those of GET /api/admin/questions with escalated: true: find out, then POST /api/admin/questions/:id/answer (docs/operations.md)',
      ],
    ),
  ]
}

/** Seen by customers' first words that a servicer had at once. */
async function examineServed(db: Db, config: Config): Promise<Finding[]> {
  if (!(await db.schema.hasColumn('kf_cursors', 'served_by_people_at'))) return []
  const { openKfId } = config.wecom
  if (
    !(await wasServedByPeople(db, { openKfId, since: new Date(Date.now() - SERVED_BY_PEOPLE_MS) }))
  )
    return []
  return [
    warn(
      BINDING_CHAT,
      [
        `${openKfId} 由人工接待：客户发的绑定码得不到自动回复，只有点链接能绑定`,
        `people have the sessions of ${openKfId} from the first word on: digits get no answer there, only the link binds`,
      ],
      [
        '微信客服 → 客服账号：为绑定单独建一个账号，不安排接待人员在线，把它的 open_kfid 填入 WEWORK_KF_OPEN_KFID（docs/connecting.md 第 3 步）',
        'make an account for binding alone, with nobody on duty, and set WEWORK_KF_OPEN_KFID to it (docs/connecting.md, step 3)',
      ],
    ),
  ]
}

/** Callbacks that were signed well and refused for their time. */
async function examineCallbackTimes(db: Db): Promise<Finding[]> {
  if (!(await db.schema.hasTable('clock_doubts'))) return []
  const doubt = await findClockDoubt(db)
  if (doubt === undefined) return []
  const where: Words = doubt.offSeconds > 0 ? ['快', 'ahead of'] : ['慢', 'behind']
  const [off, at] = [String(Math.abs(doubt.offSeconds)), doubt.doubtedAt.toISOString()]
  const says: Words = [
    `服务器时钟可能不准：最近一天拒绝过回调，本机比它${where[0]} ${off} 秒（${at}）`,
    `the clock of a server may be wrong: it was ${off} s ${where[1]} a callback, which was refused (${at})`,
  ]
  return [
    warn(CALLBACK_TIMES, says, [
      '每台服务器都用 NTP 校时；时钟都准，就是有人在重放旧回调',
      'keep every server in time with NTP; if all are, somebody sends old callbacks again',
    ]),
  ]
}

/** Contacts who wrote within the 48 hours in which kf tells who they are. */
export const pageRecentChats = async (db: Db): Promise<string[]> =>
  (await db.schema.hasTable('kf_messages'))
    ? db('kf_messages')
        .whereNotNull('external_userid')
        .whereRaw(`sent_at > now() - interval '47 hours'`)
        .distinct('external_userid')
        .limit(20)
        .pluck<string[]>('external_userid')
    : []

/** Followers of the official account who did something lately. */
export const pageFollowers = async (db: Db): Promise<string[]> =>
  (await db.schema.hasTable('accounts'))
    ? db('accounts')
        .where({ app: 'official' })
        .orderBy('signed_in_at', 'desc')
        .limit(10)
        .pluck<string[]>('openid')
    : []

/** How many mini-program accounts there are, and how many came with a unionid. */
export async function countAccounts(db: Db): Promise<{ asked: number; withUnionId: number }> {
  if (!(await db.schema.hasTable('accounts'))) return { asked: 0, withUnionId: 0 }
  const [row] = await db('accounts')
    .where({ app: 'miniprogram' })
    .count<{ asked: number; withUnionId: number }[]>({ asked: '*', withUnionId: 'unionid' })
  return { asked: Number(row?.asked ?? 0), withUnionId: Number(row?.withUnionId ?? 0) }
}

/** What customers' own attempts say of the two sides' unionids; undefined while there are no tables. */
export async function readPairs(db: Db): Promise<ComparedPairs | undefined> {
  if (!(await db.schema.hasTable('evidence'))) return undefined
  return { different: await countDifferentPairs(db), anyEqual: await hasEqualPair(db) }
}
