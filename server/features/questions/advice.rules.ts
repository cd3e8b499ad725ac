const TAP = '请顾问在「待添加客户」页点选客户本人的号码，或核实后手动绑定'

/** What to do about each kind of review. Closing one decides nothing: what opens a permission is said here. */
const ADVICE: Record<string, string> = {
  several_phones: `备注里有多个手机号：${TAP}`,
  phone_seen_late: `添加超过 24 小时才备注手机号：${TAP}`,
  phone_changed: `备注的手机号改过：${TAP}`,
  claim_differs: `客户自己填写的是另一个手机号：请先与客户核对，再${TAP}`,
  members_disagree:
    '几位顾问备注的手机号不同：请核对哪个是客户本人的并改正备注，或核实后手动绑定，然后关闭本条',
  contact_has_other_phone:
    '这位客户已登记另一个手机号：客户换了号码时请更换手机号，备注有误时请顾问改正，然后关闭本条',
  phone_proven_for_other_contact:
    '备注的手机号已证实属于另一位联系人：备注有误时请顾问改正，确属这位客户时请手动绑定（override），然后关闭本条',
  claim_contested:
    '另一个小程序帐号也填写了这位客户的手机号：请核对谁是本人，绑错时先解除绑定，再手动绑定本人，然后关闭本条',
  unionid_mismatch:
    '小程序帐号与联系人不是同一个微信用户，查询权限已暂停：确认无误请恢复；是两个人请先解除绑定，然后请客户本人重新绑定',
  number:
    '订单写的名字与这个号码的客户对不上，或不能确定：请核对是不是同一个人，是就答「是这位客户的」，号码换了主人就答「号码换人了」',
  names_differ:
    '备注的手机号名下的订单写的是另一个人的名字：请核对是否同一个人，确属这位客户时请手动绑定，然后关闭本条',
  account_tied_elsewhere:
    '像是这位客户本人的帐号（微信或手机号相同）已绑定另一位联系人：请核对他是谁的帐号，绑错时先解除那边的绑定，再请客户重新绑定或手动绑定，然后关闭本条',
  added_otherwise:
    '顾问添加这位客户的方式不能证明手机号，请您核实：向客户问到手机号并确认是他本人的，就手动绑定，本条随之关闭；不能确认时请顾问删除后用手机号搜索重新添加，然后关闭本条',
  phone_recycled:
    '这位客户的手机号已换了主人，归另一位客户：请向这位客户问到新号码并更换手机号，然后关闭本条',
}

export const adviseOn = (kind: string): string =>
  Object.hasOwn(ADVICE, kind) ? ADVICE[kind]! : '请核实后处理'
