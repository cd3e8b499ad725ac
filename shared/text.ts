const FULL_WIDTH = 0xfee0
/** What nobody sees: format and control characters, variation selectors, fillers (D8). A phone book copies some along. */
const INVISIBLE = /[\p{Cf}\p{Cc}\p{Default_Ignorable_Code_Point}]/gu

/** Without what nobody sees. */
export const dropInvisible = (text: string): string => text.replace(INVISIBLE, '')

/** The one text rule (D8), before anything typed is read: what nobody sees goes, full-width signs become ASCII. */
export const tidyText = (text: string): string =>
  dropInvisible(text)
    .replace(/[！-～]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - FULL_WIDTH))
    .replace(/\u3000/g, ' ')

/** Quotes and brackets, wherever they stand. */
const AROUND = /[\p{Pi}\p{Pf}\p{Ps}\p{Pe}"'`<>]/gu
const MARKS = /^[\s,，。.!?、;:~…]+|[\s,，。.!?、;:~…]+$/gu
/** Nobody writes more around a number; the patterns are quick on short texts only. */
const LONGEST = 100

/** The one thing that a text says besides these words of courtesy, or null when it says nothing or more than one. */
export function findOnlyThing(text: string, courtesy: RegExp): string | null {
  const plain = tidyText(text).replace(AROUND, '')
  if (plain.length > LONGEST) return null
  const things = plain
    .split(courtesy)
    .map((thing) => thing.replace(MARKS, ''))
    .filter((thing) => thing !== '')
  return things.length === 1 ? things[0]! : null
}
