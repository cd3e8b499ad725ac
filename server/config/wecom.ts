import * as v from 'valibot'
import { aesKey, need, url, whole } from '../lib/environment.ts'

/** The company's WeCom: the self-built app, and the kf account that customers write to. */
export const wecomVariables = v.object({
  WECOM_API_BASE: v.optional(url, 'https://qyapi.weixin.qq.com'),
  WECHAT_OPEN_BASE: v.optional(url),
  WEWORK_CORP_ID: need,
  WEWORK_AGENT_ID: whole(1, 2 ** 31),
  WEWORK_CONTACT_SECRET: need,
  WEWORK_KF_SECRET: v.optional(need),
  WEWORK_CALLBACK_TOKEN: need,
  WEWORK_CALLBACK_AES_KEY: aesKey,
  WEWORK_KF_CALLBACK_TOKEN: v.optional(need),
  WEWORK_KF_CALLBACK_AES_KEY: v.optional(aesKey),
  WEWORK_KF_OPEN_KFID: need,
  KF_SERVICE_HOURS: v.optional(need, '工作日 9:00–18:00'),
})
type Variables = v.InferOutput<typeof wecomVariables>

export const wecomWhy = {
  WEWORK_CORP_ID: 'WeCom console, 我的企业 → 企业信息 → 企业ID',
  WEWORK_AGENT_ID: 'WeCom console, the self-built app → AgentId',
  WEWORK_CONTACT_SECRET: 'WeCom console, the self-built app → Secret',
  WEWORK_CALLBACK_TOKEN: 'WeCom console, the app → 接收消息 → Token',
  WEWORK_CALLBACK_AES_KEY: 'WeCom console, the app → 接收消息 → EncodingAESKey',
  WEWORK_KF_OPEN_KFID: 'the kf account (wk...) that customers write to',
}

/** `openBase`: where members sign in, when it is not said. */
export function toWecom(env: Variables, openBase: string) {
  return {
    baseUrl: env.WECOM_API_BASE,
    openBaseUrl: env.WECHAT_OPEN_BASE ?? openBase,
    corpId: env.WEWORK_CORP_ID,
    agentId: env.WEWORK_AGENT_ID,
    contactSecret: env.WEWORK_CONTACT_SECRET,
    kfSecret: env.WEWORK_KF_SECRET ?? env.WEWORK_CONTACT_SECRET,
    openKfId: env.WEWORK_KF_OPEN_KFID,
    serviceHours: env.KF_SERVICE_HOURS,
    contactCallback: {
      token: env.WEWORK_CALLBACK_TOKEN,
      encodingAesKey: env.WEWORK_CALLBACK_AES_KEY,
    },
    kfCallback: {
      token: env.WEWORK_KF_CALLBACK_TOKEN ?? env.WEWORK_CALLBACK_TOKEN,
      encodingAesKey: env.WEWORK_KF_CALLBACK_AES_KEY ?? env.WEWORK_CALLBACK_AES_KEY,
    },
  }
}
