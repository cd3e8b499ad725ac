import type { Environment } from '../checkout/environment.ts'
import type { World } from '../start/world.ts'

/** What to paste where, by the names the consoles have. Values of secrets are only hinted at, to be compared. */
export function toPasteLines(
  env: Environment,
  world: World,
  callbackIps: readonly string[] = [],
): string[] {
  const base = env['PUBLIC_BASE_URL']?.replace(/\/+$/, '') ?? 'https://<PUBLIC_BASE_URL>'
  const kf =
    env['WEWORK_KF_CALLBACK_TOKEN'] === undefined ? 'WEWORK_CALLBACK' : 'WEWORK_KF_CALLBACK'
  const sandbox = world === 'sandbox' ? ['（沙箱不需要这些 · the sandbox needs none of this）'] : []
  return [
    '',
    '填到哪里 · what to paste where',
    ...sandbox,
    ...block(
      '企业微信管理后台 → 应用管理 → 自建应用 → 接收消息 → 设置API接收',
      'WeCom console, the self-built app, receive messages',
      [
        ['URL', `${base}/api/wework/callback`],
        ['Token', hint(env, 'WEWORK_CALLBACK_TOKEN')],
        ['EncodingAESKey', hint(env, 'WEWORK_CALLBACK_AES_KEY')],
        [
          '勾选 · tick',
          '客户联系事件 (change_external_contact)，微信客服消息和事件 (kf_msg_or_event)',
        ],
      ],
    ),
    ...block(
      '只有当微信客服用另一个应用时 → 那个应用的接收消息',
      'only if kf is another app: that app, receive messages',
      [
        ['URL', `${base}/api/wechat-work/message`],
        ['Token', hint(env, `${kf}_TOKEN`)],
        ['EncodingAESKey', hint(env, `${kf}_AES_KEY`)],
      ],
    ),
    ...memberPageBlocks(base),
    ...block('应用管理 → 自建应用 → 企业可信IP', 'trusted addresses of the app', [
      ['IP', '每台服务器的出口 IP · the outgoing address of every server'],
    ]),
    ...(callbackIps.length === 0
      ? []
      : block('防火墙', 'firewall: WeCom calls from', [['IP', callbackIps.join(' ')]])),
    ...block(
      '小程序后台 → 开发管理 → 开发设置 → 服务器域名',
      'mini-program console, server domains',
      [['request 合法域名', originOf(base)]],
    ),
    ...block(
      '小程序后台 → 功能 → 客服 → 微信客服：绑定企业',
      'mini-program console, customer service: bind the corp, or the button to the chat fails with "not bind"',
      [['企业ID', env['WEWORK_CORP_ID'] ?? 'WEWORK_CORP_ID']],
    ),
    ...(env['OFFICIAL_APP_ID'] === undefined ? [] : officialBlocks(env, base)),
  ]
}

/** What no server can find out, with the step of docs/connecting.md that belongs to it. */
const ON_A_PHONE: readonly (readonly [step: string, zh: string, en: string])[] = [
  [
    '3',
    '给绑定用的客服账号发「你好」，只有本产品回答',
    'write to the kf account: only the product answers',
  ],
  [
    '6',
    '顾问在企业微信里打开应用，直接看到「待添加客户」；看到 redirect_uri 或 50001 就是可信域名不对',
    'a member opens the app in WeCom and sees the list; redirect_uri or 50001: the trusted domain is another one',
  ],
  ['7', '体验版打得开页面（request 合法域名）', 'the trial version shows a page (request domain)'],
  [
    '7',
    '「打开客服聊天」真的打开聊天（小程序绑定了企业），复制绑定码时只问一次隐私',
    'the button opens the chat (the corp is bound), and copying asks for privacy once',
  ],
  [
    '9',
    '点聊天里的卡片，回到小程序完成绑定',
    'the card of the chat opens the mini-program and binds',
  ],
  [
    '11',
    '没有参加体验的人能搜到小程序，打开示例项目',
    'anybody finds the mini-program and opens the sample project',
  ],
]

/** What to try on a phone, because nothing else can show it. */
export const toPhoneLines = (): string[] => [
  '',
  '只有手机能看出来（步骤见 docs/connecting.md） · what only a phone can show, by the steps of docs/connecting.md',
  ...ON_A_PHONE.flatMap(([step, zh, en]) => [`  ${step.padStart(2)}  ${zh}`, `      (${en})`]),
]

const officialBlocks = (env: Environment, base: string): string[] => [
  ...block(
    '公众号后台 → 设置与开发 → 开发接口管理 → 服务器配置（填好后点「启用」）',
    'official account console, server configuration; then press 启用',
    [
      ['URL', `${base}/api/wechat/message`],
      ['Token', hint(env, 'OFFICIAL_TOKEN')],
      ['EncodingAESKey', hint(env, 'OFFICIAL_AES_KEY')],
      [
        '消息加解密方式',
        env['OFFICIAL_AES_KEY'] === undefined
          ? '明文模式（正式环境请用安全模式 · safe mode for real customers）'
          : '安全模式 · safe mode',
      ],
    ],
  ),
  ...block(
    '公众号后台 → 设置与开发 → 开发接口管理 → IP白名单',
    'official account console, addresses that may fetch a token',
    [['IP', '每台服务器的出口 IP · the outgoing address of every server']],
  ),
]

const block = (
  zh: string,
  en: string,
  rows: readonly (readonly [field: string, value: string])[],
): string[] => [
  `  ${zh}`,
  `  (${en})`,
  ...rows.map(([field, value]) => `      ${field.padEnd(16)}${value}`),
]

/** The first three characters of a long secret tell two values apart and give nothing away. */
function hint(env: Environment, name: string): string {
  const value = env[name]
  if (value === undefined) return `${name}（未填写 · not set）`
  return `${name}（${value.length >= 16 ? `${value.slice(0, 3)}…，` : ''}${String(value.length)} 个字符 · characters）`
}

/** What the members' pages need. */
const memberPageBlocks = (base: string): string[] => [
  ...block('应用管理 → 自建应用 → 网页授权及JS-SDK', 'trusted domain of the app', [
    ['可信域名', hostOf(base)],
    ['校验文件', 'WW_verify_*.txt → DATA_DIR/verify/'],
  ]),
  ...block('应用管理 → 自建应用 → 应用主页', 'home page of the app', [['网页', `${base}/staff/`]]),
]

const hostOf = (base: string): string => (URL.canParse(base) ? new URL(base).host : base)
const originOf = (base: string): string => (URL.canParse(base) ? new URL(base).origin : base)
