/** What a person takes for one character: an emoji of several parts is one. */
const characters = new Intl.Segmenter('zh', { granularity: 'grapheme' })

/** How long a text may be: in the platforms' characters (code points), or in bytes of UTF-8. */
type Most = { characters: number } | { bytes: number }

/** The beginning of a text, as long as it may be, and never half of what a person takes for one character. */
export function cutText(text: string, most: Most): string {
  const isOfBytes = 'bytes' in most
  let left = isOfBytes ? most.bytes : most.characters
  if (text.length * (isOfBytes ? 3 : 1) <= left) return text
  let end = 0
  for (const { segment, index } of characters.segment(text)) {
    left -= isOfBytes ? countBytes(segment) : [...segment].length
    if (left < 0) return text.slice(0, end)
    end = index + segment.length
  }
  return text
}

/** In UTF-8. Not by TextEncoder: the mini-program has none, and what is shared must be understood there. */
const countBytes = (segment: string): number =>
  [...segment].reduce((sum, character) => sum + bytesOf(character.codePointAt(0)!), 0)

const bytesOf = (point: number): number =>
  point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x1_0000 ? 3 : 4

/** The first character, to stand for a name. */
export const firstCharacter = (text: string): string =>
  characters.segment(text)[Symbol.iterator]().next().value?.segment ?? ''
