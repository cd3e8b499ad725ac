import { type Stage, unionidField } from '../world/stage.ts'
import type { Follow, Person } from '../world/types.ts'

/** W:92114. position and corp_* exist for WeCom users only, unionid only for WeChat users. */
export function presentContact(stage: Stage, person: Person): Record<string, unknown> {
  return {
    external_userid: person.externalUserid,
    name: person.name,
    avatar: 'http://wx.qlogo.cn/mmhead/sandbox/0',
    type: person.type,
    gender: 0,
    ...unionidField(stage.world, 'wecom', person),
    ...(person.type === 2
      ? { position: '经理', corp_name: '示例公司', corp_full_name: '示例有限公司' }
      : {}),
  }
}

const shared = (follow: Follow): Record<string, unknown> => ({
  userid: follow.userid,
  remark: follow.remark,
  description: follow.description,
  createtime: follow.createtime,
  ...(follow.remarkCompany === '' ? {} : { remark_corp_name: follow.remarkCompany }),
  remark_mobiles: follow.remarkMobiles,
  oper_userid: follow.operUserid,
  add_way: follow.addWay,
  ...(follow.state === '' ? {} : { state: follow.state }),
})

export const presentFollow = (follow: Follow): Record<string, unknown> => ({
  ...shared(follow),
  tags: follow.tags,
})

/** The batch form carries ids of corp tags instead of tags (W:96316). */
export const presentFollowInfo = (follow: Follow): Record<string, unknown> => ({
  ...shared(follow),
  tag_id: follow.tags.map((tag) => tag.tag_id),
})
