import type { JsonObject } from '../../lib/http-client.ts'
import type { Log } from '../../lib/log.ts'
import type { WecomCall } from './wecom.call.ts'
import { isErrcode, WECOM_ERRCODE } from './wecom.errors.ts'
import { instant, integer, object, objects, present, text, texts } from './wecom.read.ts'
import { createWelcome } from './welcome.ts'

/**
 * How a member and a contact met. An open number, kept as it comes (203 and above have been announced nowhere); these have a name here.
 * https://developer.work.weixin.qq.com/document/path/92114
 */
export const ADD_WAY = { unknown: 0, qrCode: 1, phoneSearch: 2, cardShare: 3, groupChat: 4, phoneBook: 5, acquisitionLink: 16, memberShare: 201, assigned: 202 } as const

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
}

/** A contact together with one member's entry. */
export type FollowedContact = Omit<Contact, 'follows'> & { follow: Follow }

const PAGE = 100

/** 客户联系 in our words. Every verb throws WecomError and OutsideError. https://developer.work.weixin.qq.com/document/path/92109 */
export function createContacts({ call, log }: { call: WecomCall; log: Pick<Log, 'warn'> }) {
  return { getContact, listContactIds, pagesByUsers, setRemark, followUsers, ...createWelcome(call) }

  /**
   * A contact with every member who follows it, or null when nobody the app can see does (84061; 40096, which is also what an id of
   * another corp gives, and is logged). https://developer.work.weixin.qq.com/document/path/92114
   */
  async function getContact(externalUserId: string): Promise<Contact | null> {
    try {
      return await readContact(externalUserId)
    } catch (error) {
      if (isErrcode(error, WECOM_ERRCODE.badExternalUserId)) log.warn({ err: error, externalUserId }, 'not a contact of this corp, or out of range')
      else if (!isErrcode(error, WECOM_ERRCODE.noContactRelation)) throw error
      return null
    }
  }

  /** The external_userids a member follows; none is an empty list. https://developer.work.weixin.qq.com/document/path/92113 */
  async function listContactIds(userId: string): Promise<string[]> {
    try {
      return texts(await call.read('/cgi-bin/externalcontact/list', { userid: userId }), 'external_userid')
    } catch (error) {
      if (isErrcode(error, WECOM_ERRCODE.noContactRelation)) return []
      throw error
    }
  }

  /** All contacts of these members, page by page (100 entries each). https://developer.work.weixin.qq.com/document/path/96316 */
  async function* pagesByUsers(userIds: readonly string[]): AsyncGenerator<FollowedContact[]> {
    for (let start = 0; start < userIds.length; start += PAGE) yield* pagesOf(userIds.slice(start, start + PAGE))
  }

  /**
   * Overwrites what this member noted; a key left out stays. remark at most 20 characters, description 150, company 20 (type 1 only);
   * `mobiles: []` clears. Makes no callback. https://developer.work.weixin.qq.com/document/path/96317
   */
  async function setRemark(note: { userId: string; externalUserId: string; remark?: string; description?: string; company?: string; mobiles?: readonly string[] }): Promise<void> {
    await call.ask('/cgi-bin/externalcontact/remark', present({
      userid: note.userId,
      external_userid: note.externalUserId,
      remark: note.remark,
      description: note.description,
      remark_company: note.company,
      // An empty list changes nothing; a list of one empty text clears.
      remark_mobiles: note.mobiles?.length === 0 ? [''] : note.mobiles,
    }))
  }

  /** The members who may have contacts. https://developer.work.weixin.qq.com/document/path/92571 */
  async function followUsers(): Promise<string[]> {
    return texts(await call.read('/cgi-bin/externalcontact/get_follow_user_list'), 'follow_user')
  }

  async function readContact(externalUserId: string): Promise<Contact> {
    const follows: Follow[] = []
    let cursor = ''
    for (;;) {
      const answer = await call.read('/cgi-bin/externalcontact/get', { external_userid: externalUserId, ...(cursor === '' ? {} : { cursor }) })
      follows.push(...objects(answer, 'follow_user').map(toFollow))
      const next = text(answer, 'next_cursor') ?? ''
      if (next === '' || next === cursor) return { ...toContact(object(answer, 'external_contact'), externalUserId), follows }
      cursor = next
    }
  }

  async function* pagesOf(userIds: readonly string[]): AsyncGenerator<FollowedContact[]> {
    let cursor = ''
    for (;;) {
      const answer = await readPage(userIds, cursor)
      if (answer === 'no-relation') break
      yield objects(answer, 'external_contact_list').map(toFollowedContact)
      const next = text(answer, 'next_cursor') ?? ''
      if (next === '' || next === cursor) return
      cursor = next
    }
    // One member without contacts must not hide those of the ninety-nine others.
    if (userIds.length > 1) for (const userId of userIds) yield* pagesOf([userId])
  }

  async function readPage(userIds: readonly string[], cursor: string): Promise<JsonObject | 'no-relation'> {
    try {
      return await call.ask('/cgi-bin/externalcontact/batch/get_by_user', { userid_list: userIds, cursor, limit: PAGE })
    } catch (error) {
      if (isErrcode(error, WECOM_ERRCODE.noContactRelation)) return 'no-relation'
      throw error
    }
  }
}

export type WecomContacts = ReturnType<typeof createContacts>

function toFollowedContact(raw: JsonObject): FollowedContact {
  return { ...toContact(object(raw, 'external_contact'), ''), follow: toFollow(object(raw, 'follow_info')) }
}

function toContact(raw: JsonObject, asked: string): Omit<Contact, 'follows'> {
  return {
    externalUserId: text(raw, 'external_userid') ?? asked,
    name: text(raw, 'name') ?? '',
    type: integer(raw, 'type') ?? 0,
    ...present({ unionid: text(raw, 'unionid'), corpName: text(raw, 'corp_name') }),
  }
}

function toFollow(raw: JsonObject): Follow {
  return {
    userId: text(raw, 'userid') ?? '',
    createdAt: instant(raw, 'createtime'),
    addWay: integer(raw, 'add_way') ?? ADD_WAY.unknown,
    remarkMobiles: texts(raw, 'remark_mobiles'),
    ...present({ remark: text(raw, 'remark'), operUserId: text(raw, 'oper_userid'), state: text(raw, 'state') }),
  }
}
