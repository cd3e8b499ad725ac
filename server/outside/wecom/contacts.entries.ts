import type { JsonObject } from '../../lib/http-client.ts'
import { id, integer, knownInstant, numbersOrTexts, object, present, text } from './wecom.read.ts'

/**
 * How a member and a contact met. An open number, kept as it comes (203 and above have been announced nowhere); these have a name here.
 * https://developer.work.weixin.qq.com/document/path/92114
 */
export const ADD_WAY = {
  unknown: 0,
  qrCode: 1,
  phoneSearch: 2,
  cardShare: 3,
  groupChat: 4,
  phoneBook: 5,
  acquisitionLink: 16,
  memberShare: 201,
  assigned: 202,
} as const

export interface Follow {
  userId: string
  remark?: string
  createdAt: Date
  /** See ADD_WAY. */
  addWay: number
  /** Who began it: the member's userid, or the contact's external_userid. */
  operUserId?: string
  /** What the member noted, as typed; the contact's real number is never told. Editing it rings no callback. */
  remarkMobiles: string[]
  state?: string
}

export interface Contact {
  externalUserId: string
  name: string
  /** 1 a WeChat user, 2 a WeCom user. */
  type: number
  /** Only for type 1, and only if the corp has bound a WeChat developer account. */
  unionid?: string
  corpName?: string
  /** Only members in the app's visible range. */
  follows: Follow[]
  /** Some entries of members could not be read: who is not among `follows` may follow all the same. */
  isPartial?: true
}

/** A contact together with one member's entry. */
export type FollowedContact = Omit<Contact, 'follows' | 'isPartial'> & { follow: Follow }

/** An entry of a page that lacks what it must have. It belongs to one of these members, and to this contact if it says so. */
export interface UnreadableContact {
  userIds: readonly string[]
  externalUserId?: string
  /** The platform's name of the first field that is missing or odd. */
  reason: string
}

/** The platform's name of a field that an entry must have and has not. */
export type Odd = { odd: string }
export const isOdd = (entry: object): entry is Odd => 'odd' in entry

export const isUnreadable = (
  entry: FollowedContact | UnreadableContact,
): entry is UnreadableContact => 'reason' in entry

export function toFollowedContact(
  raw: JsonObject,
  askedFor: readonly string[],
): FollowedContact | UnreadableContact {
  const [contact, info] = [object(raw, 'external_contact'), object(raw, 'follow_info')]
  const externalUserId = id(contact, 'external_userid')
  const userId = id(info, 'userid')
  const follow = toFollow(info)
  const reason = findOdd(contact) ?? (isOdd(follow) ? follow.odd : undefined)
  if (reason !== undefined || externalUserId === undefined || isOdd(follow)) {
    return {
      userIds: userId === undefined ? askedFor : [userId],
      reason: reason ?? 'external_userid',
      ...present({ externalUserId }),
    }
  }
  return { ...toContact(contact, externalUserId), follow }
}

/** Without these a contact that we know would be taken for another kind of contact, or its unionid for none (D15). */
function findOdd(contact: JsonObject): string | undefined {
  if (id(contact, 'external_userid') === undefined) return 'external_userid'
  if (integer(contact, 'type') === undefined) return 'type'
  const { unionid } = contact
  return unionid === undefined ||
    unionid === null ||
    unionid === '' ||
    id(contact, 'unionid') !== undefined
    ? undefined
    : 'unionid'
}

export function toContact(raw: JsonObject, externalUserId: string): Omit<Contact, 'follows'> {
  return {
    externalUserId,
    name: text(raw, 'name') ?? '',
    type: integer(raw, 'type') ?? 0,
    ...present({ unionid: id(raw, 'unionid'), corpName: text(raw, 'corp_name') }),
  }
}

export function toFollow(raw: JsonObject): Follow | Odd {
  const [userId, createdAt, addWay] = [
    id(raw, 'userid'),
    knownInstant(raw, 'createtime'),
    integer(raw, 'add_way'),
  ]
  if (userId === undefined) return { odd: 'userid' }
  if (createdAt === undefined) return { odd: 'createtime' }
  if (addWay === undefined || Math.abs(addWay) > 0x7fff_ffff) return { odd: 'add_way' }
  return {
    userId,
    createdAt,
    addWay,
    remarkMobiles: numbersOrTexts(raw, 'remark_mobiles'),
    ...present({
      remark: text(raw, 'remark'),
      operUserId: text(raw, 'oper_userid'),
      state: text(raw, 'state'),
    }),
  }
}
