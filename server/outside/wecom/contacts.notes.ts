import { cutText } from '../../../shared/cut-text.ts'
import type { WecomCall } from './wecom.call.ts'
import { present } from './wecom.read.ts'

/** What a member notes about a contact. */
export function createContactNotes(call: Pick<WecomCall, 'ask'>) {
  return { setRemark }

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
}

const cut = (words: string | undefined, characters: number): string | undefined =>
  words && cutText(words, { characters })
