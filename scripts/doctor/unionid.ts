import {
  arePlatformsApart,
  type ComparedPairs,
} from '../../server/features/ties/platforms.rules.ts'
import { fail, ok, warn, type Finding, type Words } from './report.ts'

type Count = { asked: number; withUnionId: number }

const ONE_TAP: Words = [
  '没有 unionid 也能用：客户发送绑定码后要在聊天里多点一下「打开小程序完成绑定」',
  'the product works without it: customers then tap once more in the chat',
]
const NOT_THERE: Words = [
  '没有 unionid 时，公众号里查不到进度，客户要在小程序里查看',
  'without it nobody is bound in the official account: customers look in the mini-program',
]

type Sides = { contacts: Count; chats: Count; accounts: Count }

/**
 * Equal unionids bind without a tap, and different ones refuse. They need both sides, WeCom and the mini-program; and WeCom
 * asks for the developer account twice, once for contacts and once for the chat.
 */
export function examineUnionIds({ contacts, chats, accounts }: Sides): Finding[] {
  return [
    ...examineChats(chats),
    judge(contacts, {
      side: ['企业微信', 'WeCom'],
      meaning: ONE_TAP,
      todo: [
        '客户联系 → 客户 → API → 绑定微信开发者账号（与小程序同一主体）',
        'bind the WeChat developer account of the same entity under 客户联系 → 客户 → API',
      ],
    }),
    judge(accounts, {
      side: ['小程序', 'the mini-program'],
      meaning: ONE_TAP,
      todo: [
        '在微信开放平台 open.weixin.qq.com 把小程序绑定到同一主体的开放平台账号',
        'bind the mini-program to an Open Platform account of the same entity at open.weixin.qq.com',
      ],
    }),
  ]
}

/** Who binds by the chat is known by what the chat says of him; without customers there nothing is said. */
function examineChats(chats: Count): Finding[] {
  if (chats.asked === 0) return []
  return [
    judge(chats, {
      side: ['微信客服', 'the kf chat'],
      meaning: ONE_TAP,
      todo: [
        '微信客服 → API → 绑定微信开发者账号：与 客户联系 里绑定的是同一个（两处都要绑）',
        'bind the same WeChat developer account under 微信客服 → API as under 客户联系: it is bound in both places',
      ],
    }),
  ]
}

/** The unionid is all that ties a follower of the official account to somebody, unless claims are trusted (D1). */
export const examineFollowers = (followers: Count): Finding =>
  judge(followers, {
    side: ['公众号', 'the official account'],
    meaning: NOT_THERE,
    todo: [
      '在微信开放平台 open.weixin.qq.com 把公众号绑定到与小程序相同的开放平台账号',
      'bind the official account to the Open Platform account that the mini-program is bound to',
    ],
  })

/** Both sides show unionids: do they mean the same person by the same one? (D15) */
export function examinePlatforms(pairs: ComparedPairs): Finding[] {
  const topic: Words = ['unionid 是否一致', 'unionids agree']
  if (pairs.anyEqual)
    return [ok(topic, ['企业微信与小程序一致', 'WeCom and the mini-program mean the same person'])]
  if (!arePlatformsApart(pairs)) return []
  return [
    fail(
      topic,
      [
        `${String(pairs.different)} 位客户的 unionid 全都不同，客户无法自行绑定`,
        `those of the first ${String(pairs.different)} customers all differ: nobody can bind himself`,
      ],
      [
        '企业微信绑定的微信开发者账号与小程序属于不同的开放平台账号：改绑到同一个（docs/connecting.md 第 8 步），出现第一对相同的 unionid 后本项自动消除',
        'the developer account bound in WeCom and the mini-program belong to different Open Platform accounts: bind both to the same (docs/connecting.md, step 8); the first equal pair ends this',
      ],
    ),
  ]
}

/** `meaning`: what it means for people when none is there. */
type Side = { side: Words; meaning: Words; todo: Words }

function judge({ asked, withUnionId }: Count, { side: [zh, en], meaning, todo }: Side): Finding {
  const topic: Words = [`${zh} unionid`, `unionid of ${en}`]
  if (withUnionId > 0)
    return ok(topic, ['可以取得', `there: ${String(withUnionId)} of ${String(asked)} looked at`])
  if (asked === 0)
    return warn(
      topic,
      ['还没有客户可以查看', 'nobody to look at yet'],
      [
        `有了第一位客户后再运行一次。${todo[0]}`,
        `run this again after the first customer; ${todo[1]}`,
      ],
    )
  return warn(
    topic,
    [`${String(asked)} 位客户都没有。${meaning[0]}`, `none among ${String(asked)}; ${meaning[1]}`],
    todo,
  )
}
