import * as v from 'valibot'
import { aesKey, missingOf, need, url } from '../lib/environment.ts'

export const miniProgramVariables = v.object({
  WECHAT_API_BASE: v.optional(url, 'https://api.weixin.qq.com'),
  WECHAT_APP_ID: need,
  WECHAT_APP_SECRET: need,
  WECHAT_PUSH_TOKEN: v.optional(need),
  WECHAT_PUSH_AES_KEY: v.optional(aesKey),
})
type Variables = v.InferOutput<typeof miniProgramVariables>

const PUSH = {
  WECHAT_PUSH_TOKEN: 'mini-program console, 开发管理 → 消息推送 → Token',
  WECHAT_PUSH_AES_KEY: 'mini-program console, 开发管理 → 消息推送 → EncodingAESKey',
}
export const miniProgramWhy = {
  ...PUSH,
  WECHAT_APP_ID: 'mini-program console, 开发管理 → AppID',
  WECHAT_APP_SECRET: 'mini-program console, 开发管理 → AppSecret',
}

export const findMiniProgramProblems = (env: Variables): string[] =>
  env.WECHAT_PUSH_TOKEN === undefined && env.WECHAT_PUSH_AES_KEY === undefined
    ? []
    : missingOf(env, { called: 'WECHAT_PUSH_*', needs: PUSH })

/** null: the message push is not configured, and what customers consent to is told by their own mini-program alone. */
export const toPush = ({
  WECHAT_APP_ID: appId,
  WECHAT_PUSH_TOKEN: token,
  WECHAT_PUSH_AES_KEY: encodingAesKey,
}: Variables) =>
  token === undefined || encodingAesKey === undefined ? null : { appId, token, encodingAesKey }

export const toWeixin = (env: Variables) => ({
  baseUrl: env.WECHAT_API_BASE,
  appId: env.WECHAT_APP_ID,
  appSecret: env.WECHAT_APP_SECRET,
})
