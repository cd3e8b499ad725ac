import { OutsideError } from '../../server/lib/http-client.ts'
import { WECOM_ERRCODE, WecomError } from '../../server/outside/wecom/wecom.errors.ts'
import { WEIXIN_ERRCODE, WeixinError } from '../../server/outside/weixin/weixin.errors.ts'
import { fail, type Finding, type Words } from './report.ts'

type Advice = { says: Words; todo: Words }

/** Where an AppSecret and its list of addresses are found. */
type Console = { who: Words; secret: Words; addresses: Words }

const MINI_PROGRAM: Console = {
  who: ['小程序', 'the mini-program'],
  secret: ['小程序后台 → 开发管理 → 开发设置', 'mini-program console, 开发管理 → 开发设置'],
  addresses: [
    '小程序后台 → 开发管理 → 开发设置 → IP白名单',
    'mini-program console, 开发管理 → 开发设置 → IP白名单',
  ],
}
/** Once 设置与开发 → 基本配置. */
export const OFFICIAL_ACCOUNT: Console = {
  who: ['公众号', 'the official account'],
  secret: [
    '公众号后台 → 设置与开发 → 开发接口管理',
    'official account console, 设置与开发 → 开发接口管理',
  ],
  addresses: [
    '公众号后台 → 设置与开发 → 开发接口管理 → IP白名单',
    'official account console, 设置与开发 → 开发接口管理 → IP白名单',
  ],
}

/** Why a call failed and what to do about it, for somebody who sees such a number for the first time. */
export function toFinding(topic: Words, error: unknown, at: Console = MINI_PROGRAM): Finding {
  const { says, todo } = adviceOn(error, at)
  return fail(topic, says, todo)
}

function adviceOn(error: unknown, at: Console): Advice {
  if (error instanceof WecomError) return WECOM[error.errcode]?.(error) ?? otherWecom(error)
  if (error instanceof WeixinError)
    return WEIXIN[error.errcode]?.(error, at) ?? otherWeixin(error, at)
  if (error instanceof OutsideError) return { says: ['连接不上', error.message], todo: NETWORK }
  return {
    says: ['没有预料到的错误', error instanceof Error ? error.message : String(error)],
    todo: ['请把这一行发给开发者', 'show this line to the developers'],
  }
}

export const NETWORK: Words = [
  '检查本机能否访问外网、DNS、出口防火墙，以及 WECOM_API_BASE、WECHAT_API_BASE 是否填错',
  "check this machine's way out, DNS, the firewall, and WECOM_API_BASE and WECHAT_API_BASE",
]

const WECOM: Record<number, (error: WecomError) => Advice> = {
  [WECOM_ERRCODE.untrustedIp]: ({ fromIp = '?' }) => ({
    says: [
      `60020：本服务器的出口 IP ${fromIp} 不在企业可信IP中`,
      `60020: the address ${fromIp} of this server is not trusted`,
    ],
    todo: [
      `企业微信管理后台 → 应用管理 → 自建应用 → 企业可信IP → 添加 ${fromIp}（每个应用都要加；多台服务器要把每个出口 IP 都加上）`,
      `WeCom console, 应用管理 → the self-built app → 企业可信IP: add ${fromIp}, for each app, and every address your servers have`,
    ],
  }),
  [WECOM_ERRCODE.badCredential]: () => ({
    says: ['40001：Secret 不正确', '40001: wrong secret, or the secret of another corp'],
    todo: [
      '在应用详情页重新复制 Secret（不要带空格），并确认 WEWORK_CORP_ID 是同一个企业',
      'copy the Secret of the app again, without blanks, and make sure that WEWORK_CORP_ID is the same corp',
    ],
  }),
  40013: () => ({
    says: ['40013：企业ID不正确', '40013: no such corp id'],
    todo: [
      '我的企业 → 企业信息 → 企业ID，复制到 WEWORK_CORP_ID',
      'copy 企业ID from 我的企业 → 企业信息 to WEWORK_CORP_ID',
    ],
  }),
  [WECOM_ERRCODE.noApiPermission]: ({ endpoint }) => ({
    says: ['48002：这个应用没有接口权限', `48002: the app may not call ${endpoint}`],
    todo: [
      '客户联系 → 客户 → API → 可调用接口的应用，以及 微信客服 → API → 可调用接口的应用：勾选这个自建应用',
      'tick the app under 客户联系 → 客户 → API → 可调用接口的应用 (contacts) and under 微信客服 → API → 可调用接口的应用 (kf)',
    ],
  }),
  [WECOM_ERRCODE.kfAccountNotAuthorised]: () => ({
    says: ['48007：客服账号没有授权给这个应用', '48007: the kf account is not managed by this app'],
    todo: [
      '微信客服 → API → 通过API管理微信客服账号：把客服账号分配给这个应用',
      'WeCom console, 微信客服 → API → 通过API管理微信客服账号: give the kf account to the app',
    ],
  }),
}

const otherWecom = ({ message }: WecomError): Advice => ({
  says: ['企业微信拒绝了请求', message],
  todo: [
    '到 https://open.work.weixin.qq.com/devtool/query 查询错误码',
    'look the number up at https://open.work.weixin.qq.com/devtool/query',
  ],
})

const secretAgain = ({ secret }: Console): Words => [
  `${secret[0]}：重新复制 AppID 和 AppSecret（忘记了只能重置）`,
  `${secret[1]}: copy AppID and AppSecret again; a forgotten AppSecret can only be reset`,
]

const WEIXIN: Record<number, (error: WeixinError, at: Console) => Advice> = {
  [WEIXIN_ERRCODE.badAppId]: (_, at) => ({
    says: ['40013：AppID 不正确', '40013: no such AppID'],
    todo: secretAgain(at),
  }),
  [WEIXIN_ERRCODE.badCredential]: (_, at) => ({
    says: ['40001：AppSecret 不正确', '40001: wrong AppSecret'],
    todo: secretAgain(at),
  }),
  [WEIXIN_ERRCODE.badSecret]: (_, at) => ({
    says: ['40125：AppSecret 不正确', '40125: wrong AppSecret'],
    todo: secretAgain(at),
  }),
  [WEIXIN_ERRCODE.untrustedIp]: ({ errmsgShort }, { who, addresses }) => ({
    says: [
      `40164：本服务器的 IP 不在${who[0]}的 IP 白名单中`,
      `40164: this server's address is not on the list of ${who[1]}: ${errmsgShort}`,
    ],
    todo: [
      `${addresses[0]}：添加这个 IP（多台服务器要把每个出口 IP 都加上）`,
      `${addresses[1]}: add the address, and every address your servers have`,
    ],
  }),
  [WEIXIN_ERRCODE.secretFrozen]: (_, { secret }) => ({
    says: ['40243：AppSecret 已冻结', '40243: the AppSecret is frozen'],
    todo: [`${secret[0]}：解冻 AppSecret`, `unfreeze it in the ${secret[1]}`],
  }),
  [WEIXIN_ERRCODE.ipNeedsConfirmation]: (_, { who }) => ({
    says: ['89503：需要管理员确认这个 IP', '89503: the administrator must confirm this address'],
    todo: [
      `请${who[0]}管理员在微信里确认，再运行一次`,
      `let the administrator of ${who[1]} confirm it in WeChat, then try again`,
    ],
  }),
}

const otherWeixin = ({ message }: WeixinError, at: Console): Advice => ({
  says: ['微信拒绝了请求', message],
  todo: secretAgain(at),
})
