import { isSameMember } from '../../../shared/userid.ts'
import type { WecomCall } from './wecom.call.ts'
import { isErrcode, WECOM_ERRCODE as CODE } from './wecom.errors.ts'
import { integer, text } from './wecom.read.ts'

export type MemberLook =
  /** `name` null: WeCom tells this app none. `active` false: an administrator has disabled the account. */
  | { kind: 'found'; name: string | null; active: boolean }
  /** Has left, or never was a member. */
  | { kind: 'gone' }
  /** Outside the visible range of the app: nothing is known of him. */
  | { kind: 'hidden' }

/** Besides 1 active and 4 not activated yet, which are both members in good standing. */
const STATUS = { disabled: 2, left: 5 } as const

/** Members of the company (成员) as a self-built app sees them. */
export function createMembers(call: WecomCall) {
  return { get }

  /** Throws WecomError and OutsideError. https://developer.work.weixin.qq.com/document/path/90196 */
  async function get(userId: string): Promise<MemberLook> {
    try {
      const answer = await call.read('/cgi-bin/user/get', { userid: userId })
      const status = integer(answer, 'status')
      if (status === STATUS.left) return { kind: 'gone' }
      return {
        kind: 'found',
        name: toName(text(answer, 'name'), userId),
        active: status !== STATUS.disabled,
      }
    } catch (error) {
      if (isErrcode(error, CODE.userNotFound)) return { kind: 'gone' }
      if (isErrcode(error, CODE.outOfScope, CODE.noPrivilege, CODE.outOfRange, CODE.appOutOfRange))
        return { kind: 'hidden' }
      throw error
    }
  }
}

/** An app that may not know names is told the userid in their place; userids are compared without case. */
function toName(name: string | undefined, userId: string): string | null {
  return name === undefined || isSameMember(name, userId) ? null : name
}
