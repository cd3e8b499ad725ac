import { sandboxCredentials as company } from './base/credentials.ts'

/** What makes a server take the sandbox at this address for WeChat and WeCom. */
export const sandboxEnvironment = (sandbox: string) => ({
  SANDBOX: 'on',
  WECOM_API_BASE: `${sandbox}/wecom`,
  WECHAT_API_BASE: `${sandbox}/weixin`,
  WEWORK_CORP_ID: company.corpId,
  WEWORK_AGENT_ID: company.agentId,
  WEWORK_CONTACT_SECRET: company.contactSecret,
  WEWORK_KF_SECRET: company.kfSecret,
  WEWORK_CALLBACK_TOKEN: company.callbackToken,
  WEWORK_CALLBACK_AES_KEY: company.callbackAesKey,
  WEWORK_KF_CALLBACK_TOKEN: company.kfCallbackToken,
  WEWORK_KF_CALLBACK_AES_KEY: company.kfCallbackAesKey,
  WEWORK_KF_OPEN_KFID: company.openKfId,
  WECHAT_APP_ID: company.miniAppId,
  WECHAT_APP_SECRET: company.miniAppSecret,
})

/** Whose mini-program console has a message push (消息推送): WeChat tells by it who agreed to which messages. */
export const pushEnvironment = {
  WECHAT_PUSH_TOKEN: company.pushToken,
  WECHAT_PUSH_AES_KEY: company.pushAesKey,
}

/** For a company that has an official account too; in safe mode. */
export const officialEnvironment = {
  OFFICIAL_APP_ID: company.officialAppId,
  OFFICIAL_APP_SECRET: company.officialAppSecret,
  OFFICIAL_TOKEN: company.officialToken,
  OFFICIAL_AES_KEY: company.officialAesKey,
}
