import { findNoProof, type Add } from '../../../shared/add-way.ts'
import type { Why } from '../../../shared/api/why.ts'
import { toPhones } from '../../../shared/phone.ts'
import { isSameMember } from '../../../shared/userid.ts'
import { tellWhy } from '../../../shared/why.ts'

/** What a member does about a customer who may not query: as he has added him, if he has. */
export function tellWhyOf(follow: Add | null): Why {
  if (follow === null) return tellWhy('not_added', 'staff')
  const noProof = findNoProof(follow)
  if (noProof === null) return tellWhy('phone_missing', 'staff')
  return tellWhy(noProof === 'customer_searched' ? noProof : 'added_otherwise', 'staff')
}

const WAYS: Readonly<Record<number, string>> = {
  1: '扫二维码',
  2: '搜索手机号',
  3: '名片分享',
  4: '群聊',
  5: '手机通讯录',
  6: '微信联系人',
  8: '第三方应用自动添加',
  9: '搜索邮箱',
  10: '视频号',
  11: '日程参与人',
  12: '会议参与人',
  13: '微信好友对应的企业微信',
  14: '智慧硬件客服',
  15: '上门服务客服',
  16: '获客链接',
  17: '定制开发',
  18: '需求回复',
  21: '第三方售前客服',
  22: '可能的商务伙伴',
  24: '接受微信好友申请',
  201: '同事共享',
  202: '管理员分配',
}

/** How a member got a customer. */
export function tellAdded(follow: Add): string {
  const noProof = findNoProof(follow)
  if (noProof === null) return '您搜索手机号添加'
  if (noProof === 'customer_searched') return '客户搜索添加您'
  return `通过${WAYS[follow.addWay] ?? '其他方式'}添加`
}

/** How somebody came who states a phone; `way`: how his account was bound, in words, if it was. */
export const tellStated = ({ app, way }: { app: string; way: string | null }): string =>
  `${app === 'official' ? '在公众号里发来手机号' : '在小程序里填写手机号'}${way === null ? '' : `，已绑定（${way}）`}`

export const tellBound = (way: string): string => `已绑定（${way}）`

/** A bound customer whose phone nobody knows is a matter of who has to do with him, else of those who are named, else of everybody. */
export function isShownTo(
  userId: string,
  { responsible, named }: { responsible: readonly string[]; named: readonly string[] },
): boolean {
  const [group] = [responsible, named].filter((one) => one.length > 0)
  return group === undefined || group.some((one) => isSameMember(one, userId))
}

/** Contacts found by a phone search whose number nobody noted: WeCom does not tell it (D6). */
export const findUnnoted = <Note extends { remarkMobiles: readonly string[] }>(
  follows: readonly Note[],
): Note[] => follows.filter(({ remarkMobiles }) => toPhones(remarkMobiles).length === 0)
