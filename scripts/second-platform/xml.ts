import type { Moods } from './moods.ts'

export type Fields = Readonly<Record<string, string | number | undefined>>

/** A document of these fields in one of the ways that mean the same: order, line breaks, CDATA or bare text. */
export function writeXml(moods: Moods, fields: Fields): string {
  const present = Object.entries(fields).filter(([, value]) => value !== undefined)
  const gap = moods.pick('', '\n', '\n  ', '\r\n\t')
  const bare = moods.chance(0.3)
  const nodes = moods
    .shuffled(present)
    .map(([name, value]) => `${gap}<${name}>${writeText(String(value), bare)}</${name}>`)
  const prolog = moods.chance(0.2) ? '<?xml version="1.0" encoding="UTF-8"?>\n' : ''
  return `${prolog}<xml>${nodes.join('')}${gap.trimEnd()}</xml>`
}

function writeText(value: string, bare: boolean): string {
  return bare && !/[<>&]/.test(value)
    ? value
    : `<![CDATA[${value.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`
}

/** The text of the first node of this name. */
export function readNode(xml: string, name: string): string | undefined {
  const found = new RegExp(
    `<${name}>\\s*(?:<!\\[CDATA\\[([\\s\\S]*?)\\]\\]>|([^<]*))\\s*</${name}>`,
  ).exec(xml)
  return found?.[1] ?? found?.[2]
}
