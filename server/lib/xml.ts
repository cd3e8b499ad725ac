import { XMLParser } from 'fast-xml-parser'
import { cleanText } from './clean-text.ts'

export class XmlError extends Error {
  constructor(reason: string) {
    super(`callback XML refused: ${reason}`)
    this.name = 'XmlError'
  }
}

export type XmlValue = string | number | readonly XmlValue[] | XmlFields
export interface XmlFields {
  readonly [name: string]: XmlValue
}

/** Text stays text: a 64-bit MsgId read as a number loses digits, and "013800" loses its zero. */
const parser = new XMLParser({ parseTagValue: false, ignoreAttributes: true, ignoreDeclaration: true, ignorePiTags: true })
const TAG = /<(\/?)([A-Za-z_][\w.-]*)(?:\s[^<>/]*)?(\/?)>/g
const OPEN = '<![CDATA['
const CLOSE = ']]>'
const PROLOG = /^\uFEFF?\s*(?:<\?xml[^?]{0,200}\?>\s*)?(?=<xml>)/
const ENCRYPT = /<Encrypt>\s*([A-Za-z0-9+/=]+)\s*<\/Encrypt>/g
/** Characters that XML 1.0 cannot carry at all. */
const UNSPEAKABLE = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g

/**
 * The ciphertext of an outer envelope, or undefined. The envelope is not yet authenticated, so no parser sees it: one field is taken
 * by a strict pattern. What stands inside another field's CDATA (a customer's own words, in compatible mode) is not mistaken for it.
 */
export function readEnvelope(body: string): string | undefined {
  const flat = flatten(body)
  if (flat === undefined || !isPlainDocument(flat)) return undefined
  const found = [...flat.matchAll(ENCRYPT)]
  return found.length === 1 ? found[0]?.[1] : undefined
}

/**
 * The fields of an authentic callback. Values are strings (edges trimmed), nested nodes objects, repeated nodes arrays. Throws XmlError
 * for anything malformed and for any markup declaration (DTD, entity, comment) outside CDATA.
 */
export function parseXml(text: string): Record<string, unknown> {
  const document = cleanText(text)
  const flat = flatten(document)
  if (flat === undefined || !isPlainDocument(flat)) throw new XmlError('not a plain <xml> document')
  if (!isWellNested(flat)) throw new XmlError('malformed')
  const root = readRoot(document)
  if (typeof root !== 'object' || root === null || Array.isArray(root)) throw new XmlError('no fields')
  return root as Record<string, unknown>
}

/** An `<xml>` document of these fields: strings in CDATA, numbers bare, an array as repeated nodes. Throws XmlError on a bad name. */
export function buildXml(fields: XmlFields): string {
  return `<xml>${buildFields(fields)}</xml>`
}

function readRoot(document: string): unknown {
  try {
    return (parser.parse(document) as { xml?: unknown }).xml
  } catch {
    throw new XmlError('malformed')
  }
}

function isPlainDocument(flat: string): boolean {
  return PROLOG.test(flat) && flat.trimEnd().endsWith('</xml>') && !flat.includes('<!')
}

/** Whether every node ends where it should and the root ends last: fast-xml-parser would read `<a>1</b>` without a word. */
function isWellNested(flat: string): boolean {
  const nodes: string[] = []
  let nested = true
  const words = flat.replace(PROLOG, '').trimEnd().replace(TAG, (tag, closing: string, name: string, alone: string, at: number, all: string) => {
    if (closing !== '') nested &&= nodes.pop() === name && (nodes.length > 0 || at + tag.length === all.length)
    else if (alone === '') nodes.push(name)
    return ''
  })
  return nested && nodes.length === 0 && !words.includes('<')
}

/**
 * The document with each CDATA section replaced by its content, markup characters masked: so "<!DOCTYPE" typed by a customer is only
 * text, and one in the open is a DTD. Undefined when a section never ends. Walks by indexOf, because a lazy pattern is quadratic here.
 */
function flatten(document: string): string | undefined {
  let flat = ''
  let at = 0
  for (;;) {
    const start = document.indexOf(OPEN, at)
    if (start < 0) return flat + document.slice(at)
    const end = document.indexOf(CLOSE, start + OPEN.length)
    if (end < 0) return undefined
    flat += document.slice(at, start) + document.slice(start + OPEN.length, end).replace(/[<&>]/g, '\uFFFD')
    at = end + CLOSE.length
  }
}

function buildFields(fields: XmlFields): string {
  return Object.entries(fields).map(([name, value]) => buildNode(name, value)).join('')
}

function buildNode(name: string, value: XmlValue): string {
  if (!/^[A-Za-z_]\w*$/.test(name)) throw new XmlError(`"${name}" is no node name`)
  if (isList(value)) return value.map((item) => buildNode(name, item)).join('')
  if (typeof value === 'object') return `<${name}>${buildFields(value)}</${name}>`
  return `<${name}>${typeof value === 'number' ? String(value) : cdata(value)}</${name}>`
}

function isList(value: XmlValue): value is readonly XmlValue[] {
  return Array.isArray(value)
}

/** "]]>" inside the text would end the section: it is cut in two sections there. */
function cdata(text: string): string {
  return OPEN + text.replace(UNSPEAKABLE, '').replaceAll(CLOSE, ']]]]><![CDATA[>') + CLOSE
}
