import type { PhoneJoin } from '../../../server/features/customers/phone.rules.ts'
import type { TieRow } from '../../../server/features/ties/tie.rules.ts'

/** Chinese captions for the words of the tables and of the wire. A word without a caption is shown as it is. */
type Words = Readonly<Record<string, string>>

export const wordOf = (words: Words, word: string): string =>
  Object.hasOwn(words, word) ? words[word]! : word

export const CHANGES: Words = {
  added: '添加了客户',
  'half-added': '被客户添加，尚未通过',
  edited: '修改了客户资料',
  'deleted-by-member': '删除了客户',
  'deleted-by-customer': '被客户删除',
  'transfer-failed': '继承客户失败',
}

/** Pushes of the mini-program. */
export const EVENTS: Words = {
  subscribe_msg_popup_event: '客户回答了订阅询问',
  subscribe_msg_change_event: '客户在设置里改了订阅',
  subscribe_msg_sent_event: '订阅消息已送达',
}

export const INTENTS: Words = {
  code: '客户发来一个绑定码（只留指纹）',
  link: '客户从绑定链接进入聊天',
  enter: '客户进入聊天',
  deny: '客户点了「不是我」',
  recall: '客户撤回了一条消息',
  unbind: '客户要求解绑',
  unbind_confirmed: '客户确认解绑',
  progress: '客户问项目进度',
  session_ended: '人工会话结束',
  words: '客户说了别的话（不保存原文）',
  send_failed: '一条消息没有送达',
  unreadable: '一条读不出的消息',
}

export const MESSAGE_OUTCOMES: Words = {
  claimed: '有效，已用掉',
  missed: '无效或已过期',
  paused: '尝试过多，暂不受理',
  to_people: '人工在接待，不当绑定码看',
  greeted: '欢迎',
  denied: '已作废',
  withdrawn: '绑定取消',
  reminded: '补发确认卡片',
  asked: '请他确认',
  unbound: '已解绑',
  not_bound: '本来就没有绑定',
  progress: '回复进度',
  listened: '转人工',
  handed_over: '已转人工',
  too_old: '太旧，不处理',
  ignored: '与绑定无关',
  failed: '多次失败，搁置',
}

/** What was said to a push of the official account, told as what the follower did. */
export const PUSHES: Words = {
  claimed: '客户发来手机号，记为线索',
  too_soon: '客户发手机号太频繁，请他等一等',
  own_phone: '客户发来自己的手机号，已经可以查询',
  progress: '客户问项目进度',
  greeting: '客户关注了公众号',
  help: '客户说了别的话（不保存原文）',
  nothing: '客户取消关注',
}

export const NOTICES: Words = {
  answer: '补发刚才来不及的回答',
  bound: '告诉客户可以查询了',
  tied: '告诉客户绑定了一个帐号，以及怎样解除',
  unbound: '告诉客户已解绑',
}

export const EVIDENCE: Readonly<Record<string, { id: string; text: string }>> = {
  kf_code: { id: 'E1', text: '联系人在客服里发出了帐号的绑定码' },
  kf_link: { id: 'E2', text: '帐号的绑定链接从这个联系人回来' },
  unionid: { id: 'E3', text: '帐号与联系人的 unionid 相同' },
  ticket: { id: 'E4', text: '打开了只发给这个聊天的一次性凭证' },
  phone_search: { id: 'E5', text: '成员按手机号搜索并添加，备注里只有这一个号码' },
  phone_claim: { id: 'E6', text: '帐号声明了手机号，只是线索' },
  manual: { id: 'E7', text: '管理员核实' },
  phone_button: { id: 'E8', text: '微信给出的手机号' },
}

/** Why a piece of evidence counts no more. */
export const REVOKED: Words = {
  'the member no longer follows the contact': '成员不再跟进这位联系人',
  'the number changed hands': '号码换了主人',
  'another claim took its place': '他改说了另一个号码',
  'the claim expired': '声明过期了',
  'ended by contact': '联系人解除了绑定',
  'ended by admin': '管理员解除了绑定',
  not_me: '联系人点了「不是我」',
  withdrawn: '联系人撤回了绑定码',
}

/** Rows of the decision table account - contact. A row without words does not compile. */
const TIE_ROWS = {
  'tied already': '本来就是这一对',
  'an admin decided': '管理员已经决定',
  'different unionids': 'unionid 不同：一票否决',
  'account belongs to another contact': '帐号已属于另一位联系人',
  'contact belongs to another account': '联系人已绑定另一个帐号',
  'unionid not known yet': '还不知道 unionid，等查到再定',
  'ended by a person': '曾被人解除，不自动恢复',
  'equal unionids': 'unionid 相同：直接绑定',
  'WeChat gave the phone that was searched': '微信给出的手机号，正是顾问搜索的号码',
  'the claimed phone was searched, and claims are trusted':
    '声明的正是顾问搜索的号码，而设置相信声明（不安全）',
  'the welcome card was opened by one who claims the searched phone':
    '打开欢迎卡片的帐号，声明的正是顾问搜索的号码',
  'the issuing account opened the ticket': '发码的帐号本人点了确认卡片',
  'code or link without equal unionids': '有码但无 unionid：请本人点一下确认',
  'nothing ties them': '没有证据',
} as const satisfies Record<TieRow, string>

type Joined = Exclude<PhoneJoin['kind'], 'review'>
/** Rows of the tables of numbers: who is proven to have one, and which customer he is. */
const PHONE_ROWS = {
  'phone search by the member': '成员按手机号搜索并添加',
  'the permission ended': '没有跟进人能证明手机号了：停止查询',
  'contact and phone: create': '建立新客户',
  'contact and phone: give_phone': '把手机号记到联系人的客户上',
  'contact and phone: give_contact': '把联系人记到手机号的客户上',
  'contact and phone: merge': '联系人与手机号是同一个人：合并',
  'contact and phone: recycled': '号码换了主人：新客户，旧项目不带走',
  'contact and phone: same': '本来就是这位客户的号码',
} as const satisfies Record<`contact and phone: ${Joined}`, string> & Words

/** What a person did, or the chat told. */
const DEEDS = {
  'another account opened the ticket': '打开卡片的不是发码的帐号：疑似钓鱼，作废',
  'the contact said 不是我': '联系人点了「不是我」',
  'the contact recalled the code': '联系人撤回了绑定码',
  'an admin changed the phone': '管理员改了手机号',
  'the number changed hands': '号码换了主人',
  'an admin looked': '管理员已经核实',
  'the member confirmed the number': '成员确认是客户本人的号码',
} as const

export const DECISIONS: Words = { ...TIE_ROWS, ...PHONE_ROWS, ...DEEDS }

/** The table that a row stands in, by its Chinese name; undefined: nobody but a person decided. */
export const tableOf = (row: string): string | undefined =>
  Object.hasOwn(TIE_ROWS, row) ? '绑定表' : Object.hasOwn(PHONE_ROWS, row) ? '号码表' : undefined

export const OUTCOMES: Words = {
  tie: '绑定',
  refuse: '拒绝',
  untie: '解除绑定',
  'prove phone': '手机号成立',
  join: '归到一位客户',
  suspend: '暂停查询',
  revoke: '收回查询权限',
  resume: '恢复查询',
  'change phone': '更换手机号',
  'hand over': '号码转手',
}

export const ENDINGS: Words = {
  not_me: '联系人点了「不是我」',
  withdrawn: '绑定码被撤回',
  opened_by_other: '被另一个微信打开',
  unionid_mismatch: 'unionid 不同',
  account_taken: '帐号已绑定别人',
  contact_taken: '联系人已绑定别的帐号',
  superseded: '被新的操作替换',
  code_expired: '超时',
}

export const REVIEWS: Words = {
  several_phones: '备注里有几个手机号',
  phone_changed: '备注的手机号改过',
  phone_seen_late: '添加 24 小时后才看到手机号',
  members_disagree: '几位成员备注的号码不同',
  claim_differs: '与客户自己声明的号码不同',
  contact_has_other_phone: '联系人已有另一个手机号',
  phone_proven_for_other_contact: '这个手机号已属于另一位联系人',
  phone_recycled: '手机号换了主人',
  claim_contested: '另一个人也说这个手机号是他的',
  unionid_mismatch: '绑定之后才发现 unionid 不同',
  names_differ: '这个号码的订单写的是另一个人的名字',
  account_tied_elsewhere: '像是他本人的帐号，却绑定着另一位联系人',
  added_otherwise: '成员添加他的方式不算，请管理员核实',
}

export const ADD_WAYS: Words = {
  1: '扫描二维码',
  2: '搜索手机号',
  3: '名片分享',
  201: '内部成员共享',
  202: '管理员分配',
}

/** Refusals of the platforms that belong to the ordinary course of things. */
export const REFUSALS: Words = {
  84061: '还没有成员添加他',
  95018: '他还没有在聊天里说过话，换别的办法',
  40029: 'code 无效',
  41050: '欢迎语过期',
  41051: '欢迎语已发过',
  45015: '超过微信允许的时间，不再发',
  45047: '微信允许的条数用完了',
  42001: 'access_token 过期，换一个再试',
  40014: 'access_token 失效，换一个再试',
}

export const CALLS: Words = {
  'kf/sync_msg': '拉取客服消息',
  'kf/send_msg': '发客服消息',
  'kf/send_msg_on_event': '发事件响应消息',
  'kf/service_state/get': '查客服会话状态',
  'kf/service_state/trans': '转接客服会话',
  'kf/add_contact_way': '取客服链接',
  'kf/customer/batchget': '查客服客户资料',
  'kf/servicer/list': '查接待人员',
  'externalcontact/get': '查客户详情',
  'externalcontact/list': '查客户列表',
  'externalcontact/batch/get_by_user': '批量查客户',
  'externalcontact/remark': '写客户备注',
  'externalcontact/send_welcome_msg': '发欢迎语',
  'externalcontact/get_follow_user_list': '查跟进成员',
  'user/get': '查成员姓名和是否在职',
  'auth/getuserinfo': '用网页授权 code 换成员身份',
  'message/send': '给成员发应用消息',
  'media/upload': '上传素材',
  getcallbackip: '问回调从哪些 IP 来',
  'cgi-bin/getcallbackip': '问回调从哪些 IP 来',
  get_api_domain_ip: '问接口的 IP（自检）',
  'cgi-bin/get_api_domain_ip': '问接口的 IP（自检）',
  'cgi-bin/media/upload': '上传公众号素材',
  get_jsapi_ticket: '取网页签名用的票据',
  'ticket/get': '取应用签名用的票据',
  gettoken: '换企业微信 access_token',
  'cgi-bin/user/info': '查公众号关注者是谁',
  'cgi-bin/message/custom/send': '发公众号客服消息',
  'cgi-bin/message/subscribe/send': '发订阅消息',
  'wxaapi/newtmpl/gettemplate': '查小程序的订阅消息模板',
  'sns/jscode2session': '用 wx.login 的 code 换 openid',
  'cgi-bin/stable_token': '换小程序或公众号 access_token',
  'cgi-bin/token': '换小程序 access_token',
}
