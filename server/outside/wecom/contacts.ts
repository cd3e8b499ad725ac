import { cutText } from '../../../shared/cut-text.ts'
import { OutsideError, type JsonObject } from '../../lib/http-client.ts'
import type { Log } from '../../lib/log.ts'
import type { WecomCall } from './wecom.call.ts'
import { isErrcode, WECOM_ERRCODE } from './wecom.errors.ts'
import {
  asObject,
  id,
  integer,
  items,
  knownInstant,
  numbersOrTexts,
  object,
  present,
  text,
  texts,
} from './wecom.read.ts'
import { createWelcome } from './welcome.ts'

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

export type ContactsPage =
  | { kind: 'page'; contacts: FollowedContact[]; unreadable: UnreadableContact[] }
  /** What these members have is not known. */
  | { kind: 'failed'; userIds: readonly string[]; error: unknown }

const PAGE = 100

/** Refusals that one member of a hundred can cause. */
const MEMBER_REFUSALS = [
  WECOM_ERRCODE.noContactRelation,
  WECOM_ERRCODE.badUserId,
  WECOM_ERRCODE.outOfScope,
  WECOM_ERRCODE.noPrivilege,
  WECOM_ERRCODE.outOfRange,
  WECOM_ERRCODE.appOutOfRange,
  WECOM_ERRCODE.userNotFound,
] as const

/** 客户联系 in our words. Every verb throws WecomError and OutsideError. https://developer.work.weixin.qq.com/document/path/92109 */
export function createContacts({ call, log }: { call: WecomCall; log: Pick<Log, 'warn'> }) {
  return {
    getContact,
    listContactIds,
    pagesByUsers,
    setRemark,
    followUsers,
    ...createWelcome(call),
  }

  /**
   * A contact with every member who follows it, or null when nobody the app can see does (84061; 40096, which is also what an id of
   * another corp gives, and is logged). https://developer.work.weixin.qq.com/document/path/92114
   */
  async function getContact(externalUserId: string): Promise<Contact | null> {
    try {
      return await readContact(externalUserId)
    } catch (error) {
      if (isErrcode(error, WECOM_ERRCODE.badExternalUserId))
        log.warn({ err: error, externalUserId }, 'not a contact of this corp, or out of range')
      else if (!isErrcode(error, WECOM_ERRCODE.noContactRelation)) throw error
      return null
    }
  }

  /** The external_userids a member follows; none is an empty list. https://developer.work.weixin.qq.com/document/path/92113 */
  async function listContactIds(userId: string): Promise<string[]> {
    try {
      return texts(
        await call.read('/cgi-bin/externalcontact/list', { userid: userId }),
        'external_userid',
      )
    } catch (error) {
      if (isErrcode(error, WECOM_ERRCODE.noContactRelation)) return []
      throw error
    }
  }

  /**
   * All contacts of these members, page by page (100 entries each). Never throws: what fails hides nothing but what it is about.
   * https://developer.work.weixin.qq.com/document/path/96316
   */
  async function* pagesByUsers(userIds: readonly string[]): AsyncGenerator<ContactsPage> {
    for (let start = 0; start < userIds.length; start += PAGE)
      yield* pagesOf(userIds.slice(start, start + PAGE))
  }

  /**
   * Overwrites what this member noted; a key left out stays. remark is cut at 20 characters, description at 150, company at 20 (type 1 only);
   * `mobiles: []` clears. Makes no callback. https://developer.work.weixin.qq.com/document/path/96317
   */
  async function setRemark(note: {
    userId: string
    externalUserId: string
    remark?: string
    description?: string
    company?: string
    mobiles?: readonly string[]
  }): Promise<void> {
    await call.ask(
      '/cgi-bin/externalcontact/remark',
      present({
        userid: note.userId,
        external_userid: note.externalUserId,
        remark: cut(note.remark, 20),
        description: cut(note.description, 150),
        remark_company: cut(note.company, 20),
        // An empty list changes nothing; a list of one empty text clears.
        remark_mobiles: note.mobiles?.length === 0 ? [''] : note.mobiles,
      }),
    )
  }

  /** The members who may have contacts. https://developer.work.weixin.qq.com/document/path/92571 */
  async function followUsers(): Promise<string[]> {
    return texts(await call.read('/cgi-bin/externalcontact/get_follow_user_list'), 'follow_user')
  }

  async function readContact(externalUserId: string): Promise<Contact> {
    const entries: (Follow | Odd)[] = []
    let cursor = ''
    for (;;) {
      const answer = await call.read('/cgi-bin/externalcontact/get', {
        external_userid: externalUserId,
        ...(cursor === '' ? {} : { cursor }),
      })
      entries.push(...items(answer, 'follow_user').map((entry) => toFollow(asObject(entry))))
      const next = text(answer, 'next_cursor') ?? ''
      if (next === '' || next === cursor)
        return {
          ...toContact(object(answer, 'external_contact'), externalUserId),
          ...sortOut(entries, externalUserId, log),
        }
      cursor = next
    }
  }

  async function* pagesOf(userIds: readonly string[]): AsyncGenerator<ContactsPage> {
    try {
      for (let cursor = '', next: string; ; cursor = next) {
        const answer = await call.ask('/cgi-bin/externalcontact/batch/get_by_user', {
          userid_list: userIds,
          cursor,
          limit: PAGE,
        })
        yield toPage(answer, userIds)
        next = text(answer, 'next_cursor') ?? ''
        if (next === '' || next === cursor) return
      }
    } catch (error) {
      // One member without contacts, or out of sight, must not hide those of the ninety-nine others.
      if (userIds.length > 1 && isOfOneMember(error))
        for (const userId of userIds) yield* pagesOf([userId])
      else if (!isErrcode(error, WECOM_ERRCODE.noContactRelation))
        yield { kind: 'failed', userIds, error }
    }
  }
}

const cut = (words: string | undefined, characters: number): string | undefined =>
  words && cutText(words, { characters })

export type WecomContacts = ReturnType<typeof createContacts>

/** The platform's name of a field that an entry must have and has not. */
type Odd = { odd: string }
const isOdd = (entry: object): entry is Odd => 'odd' in entry

function sortOut(
  entries: readonly (Follow | Odd)[],
  externalUserId: string,
  log: Pick<Log, 'warn'>,
): Pick<Contact, 'follows' | 'isPartial'> {
  for (const { odd: reason } of entries.filter(isOdd))
    log.warn({ externalUserId, reason }, 'who follows a contact could not be read in full')
  const follows = entries.filter((entry): entry is Follow => !isOdd(entry))
  return { follows, ...(follows.length < entries.length && { isPartial: true }) }
}

/** Whether a refusal may be about one of the members asked for; an answer that is no JSON may hold one that cannot be read. */
const isOfOneMember = (error: unknown): boolean =>
  isErrcode(error, ...MEMBER_REFUSALS) ||
  (error instanceof OutsideError && error.kind === 'bad_response')

function toPage(answer: JsonObject, userIds: readonly string[]): ContactsPage {
  const entries = items(answer, 'external_contact_list').map((entry) =>
    toFollowedContact(asObject(entry), userIds),
  )
  return {
    kind: 'page',
    contacts: entries.filter((entry): entry is FollowedContact => !isUnreadable(entry)),
    unreadable: entries.filter(isUnreadable),
  }
}

const isUnreadable = (entry: FollowedContact | UnreadableContact): entry is UnreadableContact =>
  'reason' in entry

function toFollowedContact(
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

function toContact(raw: JsonObject, externalUserId: string): Omit<Contact, 'follows'> {
  return {
    externalUserId,
    name: text(raw, 'name') ?? '',
    type: integer(raw, 'type') ?? 0,
    ...present({ unionid: id(raw, 'unionid'), corpName: text(raw, 'corp_name') }),
  }
}

function toFollow(raw: JsonObject): Follow | Odd {
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
