import { bytes, list, part, RefusedError, word, type Body } from './desk.ts'
import type { Moods } from './moods.ts'
import { secondCredentials as known, type Person } from './world.ts'

const CODE_MS = 20_000

type Code = { person: Person; until: number; isUsed: boolean; isTaken: boolean }

/** `send_welcome_msg` (facts 3.5, 11). */
export function createGreetings({
  moods,
  hasMedia,
}: {
  moods: Moods
  hasMedia: (id: string) => boolean
}) {
  const codes = new Map<string, Code>()
  return { createCode, greet }

  function createCode(person: Person): string {
    const text = `CALLBACK_${moods.letters(40)}`
    const isTaken = moods.temper.rare && moods.chance(0.5)
    codes.set(text, { person, until: Date.now() + CODE_MS, isUsed: false, isTaken })
    return text
  }

  /** What is wrong with an attachment refuses the words too. */
  function greet(body: Body): object {
    const text = word(body, 'welcome_code')
    if (text === '') throw new RefusedError(41049)
    const code = codes.get(text)
    if (code === undefined || code.until < Date.now()) throw new RefusedError(41050)
    if (code.isUsed) throw new RefusedError(41051)
    if (code.isTaken) {
      code.isTaken = false
      throw new RefusedError(41096)
    }
    const cards = list(body, 'attachments').map((one) => part(one as Body, 'miniprogram'))
    if (cards.length > 9) throw new RefusedError(41064)
    for (const card of cards) assertCard(card)
    code.isUsed = true
    const items = cards.map((card) => ({ page: word(card, 'page'), text: word(card, 'title') }))
    code.person.greetings.push({ text: word(part(body, 'text'), 'content'), items })
    return {}
  }

  function assertCard(card: Body): void {
    if (!hasMedia(word(card, 'pic_media_id'))) throw new RefusedError(40007)
    if (word(card, 'title') === '' || bytes(word(card, 'title')) > 64) throw new RefusedError(40058)
    if (word(card, 'appid') !== known.miniAppId) throw new RefusedError(moods.pick(40013, 93008))
  }
}
export type Greetings = ReturnType<typeof createGreetings>
