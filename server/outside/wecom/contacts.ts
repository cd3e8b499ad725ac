import type { Log } from '../../lib/log.ts'
import {
  isOdd,
  toContact,
  toFollow,
  type Contact,
  type Follow,
  type Odd,
} from './contacts.entries.ts'
import { createContactNotes } from './contacts.notes.ts'
import { createContactPages } from './contacts.pages.ts'
import type { WecomCall } from './wecom.call.ts'
import { isErrcode, WECOM_ERRCODE } from './wecom.errors.ts'
import { asObject, items, object, text, texts } from './wecom.read.ts'
import { createWelcome } from './welcome.ts'

/** 客户联系 in our words. Every verb throws WecomError and OutsideError. https://developer.work.weixin.qq.com/document/path/92109 */
export function createContacts({ call, log }: { call: WecomCall; log: Pick<Log, 'warn'> }) {
  return {
    getContact,
    listContactIds,
    followUsers,
    ...createContactPages(call),
    ...createContactNotes(call),
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
          ...sortOut(entries, (reason) =>
            log.warn({ externalUserId, reason }, 'who follows a contact could not be read in full'),
          ),
        }
      cursor = next
    }
  }
}

function sortOut(
  entries: readonly (Follow | Odd)[],
  tell: (reason: string) => void,
): Pick<Contact, 'follows' | 'isPartial'> {
  for (const { odd: reason } of entries.filter(isOdd)) tell(reason)
  const follows = entries.filter((entry): entry is Follow => !isOdd(entry))
  return { follows, ...(follows.length < entries.length && { isPartial: true }) }
}
