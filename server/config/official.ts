import * as v from 'valibot'
import { aesKey, missingOf, need } from '../lib/environment.ts'

/** The official account, if the company has one. */
export const officialVariables = v.object({
  OFFICIAL_APP_ID: v.optional(need),
  OFFICIAL_APP_SECRET: v.optional(need),
  OFFICIAL_TOKEN: v.optional(need),
  OFFICIAL_AES_KEY: v.optional(aesKey),
})
type Variables = v.InferOutput<typeof officialVariables>

const NEEDS = {
  OFFICIAL_APP_ID: 'official account console, 设置与开发 → 开发接口管理 → 开发者ID',
  OFFICIAL_APP_SECRET: 'official account console, 设置与开发 → 开发接口管理 → 开发者密码',
  OFFICIAL_TOKEN: 'official account console, 设置与开发 → 开发接口管理 → 服务器配置 → 令牌',
}
export const officialWhy = {
  ...NEEDS,
  OFFICIAL_AES_KEY: 'official account console, 服务器配置 → 消息加解密密钥',
}
type Needed = Record<keyof typeof NEEDS, string>

const has = (env: Variables): env is Variables & Needed =>
  missingOf(env, { called: 'OFFICIAL_*', needs: NEEDS }).length === 0

/** All or none. Without a key the pushes come in plain mode, whose signature does not cover the body: anybody could write any message. */
export function findOfficialProblems(env: Variables, isProduction: boolean): string[] {
  const given = [...Object.keys(NEEDS), 'OFFICIAL_AES_KEY'] as (keyof Variables)[]
  if (given.every((name) => env[name] === undefined)) return []
  const missing = missingOf(env, { called: 'OFFICIAL_*', needs: NEEDS })
  if (!isProduction || env.OFFICIAL_AES_KEY !== undefined) return missing
  return [
    ...missing,
    `OFFICIAL_AES_KEY is missing: plain mode is refused when NODE_ENV=production, because its signature does not cover the message (${officialWhy.OFFICIAL_AES_KEY})`,
  ]
}

/** null: there is no official account. */
export const toOfficial = (env: Variables) =>
  has(env)
    ? {
        appId: env.OFFICIAL_APP_ID,
        appSecret: env.OFFICIAL_APP_SECRET,
        token: env.OFFICIAL_TOKEN,
        encodingAesKey: env.OFFICIAL_AES_KEY,
      }
    : null
