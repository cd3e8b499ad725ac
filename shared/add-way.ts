import { isSameMember } from './userid.ts'

/** `add_way` of a member's search by phone number (platform-facts 3.3). */
const PHONE_SEARCH = 2

/** How a member got a contact; `contactType` 1 is a WeChat user. */
export type Add = {
  userId: string
  addWay: number
  operUserId: string | null
  contactType: number | null
}
export type NoSearch = 'not_a_wechat_user' | 'not_phone_search' | 'customer_searched'

/** Why an add can prove no phone, whatever is noted: it is no search by the member himself for a WeChat user (D5); null: it can. */
export function findNoProof({ contactType, addWay, operUserId, userId }: Add): NoSearch | null {
  if (contactType !== 1) return 'not_a_wechat_user'
  if (addWay !== PHONE_SEARCH) return 'not_phone_search'
  return operUserId !== null && isSameMember(operUserId, userId) ? null : 'customer_searched'
}
