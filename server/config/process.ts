import path from 'node:path'
import * as v from 'valibot'
import { flag, need, oneOf, url, whole } from '../lib/environment.ts'
import type { InstallationKind } from '../lib/migrate.ts'

/** This process: its door, its database, its keys. */
export const processVariables = v.object({
  NODE_ENV: v.optional(v.string(), 'development'),
  PORT: v.optional(whole(0, 65_535), '3000'),
  HOST: v.optional(need),
  PUBLIC_BASE_URL: v.optional(url),
  DATABASE_URL: need,
  DATABASE_PREPARE: v.optional(flag, 'true'),
  DATA_DIR: v.optional(need, '.data'),
  SANDBOX: v.optional(oneOf('auto', 'on', 'off'), 'auto'),
  LOG_LEVEL: v.optional(oneOf('debug', 'info', 'warn', 'error'), 'info'),
  SECRET_KEY: v.pipe(v.string(), v.minLength(24, 'must have at least 24 characters')),
  ADMIN_KEY: v.optional(v.pipe(v.string(), v.minLength(24, 'must have at least 24 characters'))),
  TRUST_PROXY_HOPS: v.optional(whole(0, 5)),
  SESSION_HOURS: v.optional(whole(1, 720), '24'),
  TIME_ZONE: v.optional(
    v.pipe(v.string(), v.check(isTimeZone, 'is not a time zone, e.g. Asia/Shanghai')),
    'Asia/Shanghai',
  ),
})
type Variables = v.InferOutput<typeof processVariables>

export const processWhy = {
  DATABASE_URL: 'the Postgres of this installation (npm start without it runs an embedded one)',
  SECRET_KEY: 'keys the hashes of codes and phones; e.g. openssl rand -base64 32',
  TRUST_PROXY_HOPS:
    'how many reverse proxies of yours are in front, 0 if none: their callers are told apart by X-Forwarded-For',
}

export function findProcessProblems(env: Variables): string[] {
  if (env.NODE_ENV !== 'production') return []
  return [
    ...(env.TRUST_PROXY_HOPS === undefined
      ? [
          `TRUST_PROXY_HOPS is missing: it must be said when NODE_ENV=production (${processWhy.TRUST_PROXY_HOPS})`,
        ]
      : []),
    ...(env.SANDBOX === 'on' ? ['SANDBOX=on is refused when NODE_ENV=production'] : []),
  ]
}

export function toProcess(env: Variables) {
  const production = env.NODE_ENV === 'production'
  const kind: InstallationKind = env.SANDBOX === 'on' ? 'sandbox' : 'real'
  return {
    production,
    kind,
    port: env.PORT,
    host: env.HOST ?? (production ? '0.0.0.0' : '127.0.0.1'),
    publicBaseUrl: env.PUBLIC_BASE_URL,
    databaseUrl: env.DATABASE_URL,
    databasePrepare: env.DATABASE_PREPARE,
    verifyFolder: verifyFolderOf(env.DATA_DIR),
    logLevel: env.LOG_LEVEL,
    secretKey: env.SECRET_KEY,
    adminKey: env.ADMIN_KEY,
    proxies: env.TRUST_PROXY_HOPS ?? 0,
    sessionHours: env.SESSION_HOURS,
    timeZone: env.TIME_ZONE,
  }
}

/** Where the files lie by which the consoles of the platforms verify the domain. */
export const verifyFolderOf = (dataDir: string): string => path.resolve(dataDir, 'verify')

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone.length > 0
  } catch {
    return false
  }
}
