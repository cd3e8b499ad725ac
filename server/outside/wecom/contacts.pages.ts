import { OutsideError, type JsonObject } from '../../lib/http-client.ts'
import {
  isUnreadable,
  toFollowedContact,
  type FollowedContact,
  type UnreadableContact,
} from './contacts.entries.ts'
import type { WecomCall } from './wecom.call.ts'
import { isErrcode, WECOM_ERRCODE } from './wecom.errors.ts'
import { asObject, items, text } from './wecom.read.ts'

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

/** The contacts of many members at once. */
export function createContactPages(call: Pick<WecomCall, 'ask'>) {
  return { pagesByUsers }

  /**
   * All contacts of these members, page by page (100 entries each). Never throws: what fails hides nothing but what it is about.
   * https://developer.work.weixin.qq.com/document/path/96316
   */
  async function* pagesByUsers(userIds: readonly string[]): AsyncGenerator<ContactsPage> {
    for (let start = 0; start < userIds.length; start += PAGE)
      yield* pagesOf(userIds.slice(start, start + PAGE))
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
