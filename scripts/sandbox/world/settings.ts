/** How the official account's server gets its pushes (console: 消息加解密方式). */
export type OfficialMode = 'plain' | 'compatible' | 'safe'

/** How the mini-program's server gets its pushes (console: 消息推送); `random`: another way each time, `off`: not at all. */
export type PushMode = 'off' | 'plain' | 'compatible' | 'safe' | 'random'

/** What an administrator of the company could set in the consoles, plus knobs of the sandbox itself. Survive a reset. */
export type Settings = {
  callbackBase: string | null
  retryDelayMs: number
  callbackTimeoutMs: number
  /** the developer account is bound: true both sides, or only one ('weixin' = code2session, 'wecom' = contacts and kf) */
  unionidAvailable: boolean | 'weixin' | 'wecom'
  /** WeChat's side belongs to another Open Platform account than WeCom's: both show a unionid, never the same for one person */
  unionidsOfAnotherPlatform: boolean
  /** reception hours in China time; outside them no servicer is serving. null = always */
  kfHours: { from: string; to: string } | null
  syncPageSize: number
  tokenlessSyncPerMinute: number
  /** a native welcome is configured in the console: no welcome codes (W:94699) */
  nativeWelcome: boolean
  nativeKfWelcome: boolean
  /** contact and kf are the same self-built app: either secret may do everything */
  oneApp: boolean
  tokenLifeSeconds: number
  followPageSize: number
  officialMode: OfficialMode
  /** servicers on duty have a customer's session from his first word on; the bot may not write then (facts 11) */
  kfServedByPeople: boolean
  /** which number a refusal carries that has none in any source: always the same, or another each time */
  undocumented: 'fixed' | 'random'
  /** callbacks and sign-in spell userids in the other letter case; the platform takes both for one member */
  otherUseridCase: boolean
  /** 网页授权及JS-SDK of the app, a host with its port; null: that of `callbackBase`, empty: not set */
  trustedDomain: string | null
  /** 应用主页 of the app; null: /staff/ at `callbackBase`, empty: not set */
  appHome: string | null
  /** the app is switched off in the console (停用) */
  appIsStopped: boolean
  /** whether anybody is in the visible range (可见范围) of the app */
  appIsVisible: boolean
  pushMode: PushMode
  pushFormat: 'xml' | 'json' | 'random'
  /** what one entry looks like in a push in JSON: the bare object, or an array of one */
  pushList: 'object' | 'array' | 'random'
  /** whether a choice that is kept, so that no dialog comes up, is pushed like one that was made in the dialog */
  silentChoicesArePushed: boolean
  /** pages of the published version of the mini-program; null: those of miniprogram/app.json */
  publishedPages: string[] | null
  /** templates that the platform has taken out of use: asked for they are `ban` */
  bannedTemplates: string[]
}

export const defaultSettings = (): Settings => ({
  callbackBase: null,
  retryDelayMs: 1000,
  callbackTimeoutMs: 5000,
  unionidAvailable: true,
  unionidsOfAnotherPlatform: false,
  kfHours: null,
  syncPageSize: 1000,
  tokenlessSyncPerMinute: 10,
  nativeWelcome: false,
  nativeKfWelcome: false,
  oneApp: false,
  tokenLifeSeconds: 7200,
  followPageSize: 500,
  officialMode: 'safe',
  kfServedByPeople: false,
  undocumented: 'random',
  otherUseridCase: false,
  trustedDomain: null,
  appHome: null,
  appIsStopped: false,
  appIsVisible: true,
  pushMode: 'safe',
  pushFormat: 'random',
  pushList: 'random',
  silentChoicesArePushed: true,
  publishedPages: null,
  bannedTemplates: [],
})
