import { XMLParser } from 'fast-xml-parser'
import { cleanText } from './clean-text.ts'
import { quoteLongNumbers } from './long-numbers.ts'

export class XmlError extends Error {
  constructor(reason: string) {
    super(`callback XML refused: ${reason}`)
    this.name = 'XmlError'
  }
}

type XmlValue = string | number | readonly XmlValue[] | XmlFields
export interface XmlFields {
  readonly [name: string]: XmlValue
}

/** Text stays text: a 64-bit MsgId read as a number loses digits, and "013800" loses its zero. */
const parser = new XMLParser({
  parseTagValue: false,
  ignoreAttributes: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
})
const TAG = /<(\/?)([A-Za-z_][\w.-]*)(?:\s[^<>/]*)?(\/?)>/g
const OPEN = '<![CDATA['
const CLOSE = ']]>'
const COMMENT = '<!--'
const COMMENT_END = '-->'
const PROLOG = /^\uFEFF?\s*(?:<\?xml[^?]{0,200}\?>\s*)?(?=<xml\s{0,8}>)/
const ROOT_END = /<\/xml\s{0,8}>$/
const ENCRYPT = /<Encrypt\s{0,8}>\s*([A-Za-z0-9+/=]+)\s*<\/Encrypt\s{0,8}>/g
const BASE64 = /^[A-Za-z0-9+/=]+$/
/** Characters that XML 1.0 cannot carry at all. */
const UNSPEAKABLE = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g

/**
 * The ciphertext of an outer envelope, XML or JSON (an app can be set to either), or undefined. The envelope is not yet
 * authenticated, so no XML parser sees it: one field is taken by a strict pattern. What stands inside another field's CDATA
 * (a customer's own words, in compatible mode) is not mistaken for it.
 */
export function readEnvelope(body: string): string | undefined {
  if (isJson(body)) return readJsonEnvelope(body)
  const document = withoutComments(body)
  const flat = document === undefined ? undefined : flatten(document)
  if (flat === undefined || !isPlainDocument(flat)) return undefined
  const found = [...flat.matchAll(ENCRYPT)]
  return found.length === 1 ? found[0]?.[1] : undefined
}

/** The fields of an authentic callback, in XML or in JSON, whose numbers are texts too. Throws XmlError. */
export const parseFields = (text: string): Record<string, unknown> =>
  isJson(text) ? parseJsonFields(text) : parseXml(text)

/**
 * The fields of an authentic XML callback. Values are strings (edges trimmed), nested nodes objects, repeated nodes arrays. Throws
 * XmlError for anything malformed and for any markup declaration (DTD, entity) outside CDATA; comments are passed over.
 */
export function parseXml(text: string): Record<string, unknown> {
  const document = withoutComments(cleanText(text))
  const flat = document === undefined ? undefined : flatten(document)
  if (document === undefined || flat === undefined || !isPlainDocument(flat))
    throw new XmlError('not a plain <xml> document')
  if (!isWellNested(flat)) throw new XmlError('malformed')
  const root = readRoot(document)
  if (typeof root !== 'object' || root === null || Array.isArray(root))
    throw new XmlError('no fields')
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
  return PROLOG.test(flat) && ROOT_END.test(flat.trimEnd()) && !flat.includes('<!')
}

/** Whether every node ends where it should and the root ends last: fast-xml-parser would read `<a>1</b>` without a word. */
function isWellNested(flat: string): boolean {
  const nodes: string[] = []
  let nested = true
  const words = flat
    .replace(PROLOG, '')
    .trimEnd()
    .replace(TAG, (tag, closing: string, name: string, alone: string, at: number, all: string) => {
      if (closing !== '')
        nested &&= nodes.pop() === name && (nodes.length > 0 || at + tag.length === all.length)
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
    flat +=
      document.slice(at, start) +
      document.slice(start + OPEN.length, end).replace(/[<&>]/g, '\uFFFD')
    at = end + CLOSE.length
  }
}

/** The document without the comments outside its CDATA sections. Undefined when one of either never ends. */
function withoutComments(document: string): string | undefined {
  if (!document.includes(COMMENT)) return document
  let kept = ''
  let section = document.indexOf(OPEN)
  for (let at = 0; ;) {
    const comment = document.indexOf(COMMENT, at)
    if (comment < 0) return kept + document.slice(at)
    // Looked for only once passed: to look again for one that is not there would be quadratic.
    if (section >= 0 && section < at) section = document.indexOf(OPEN, at)
    const inSection = section >= 0 && section < comment
    const end = inSection
      ? document.indexOf(CLOSE, section + OPEN.length)
      : document.indexOf(COMMENT_END, comment + COMMENT.length)
    if (end < 0) return undefined
    if (inSection) kept += document.slice(at, end + CLOSE.length)
    else kept += document.slice(at, comment)
    at = end + (inSection ? CLOSE.length : COMMENT_END.length)
  }
}

const isJson = (text: string): boolean => /^\uFEFF?\s{0,64}\{/.test(text)

/** WeCom writes its names small here, a mini-program's push as in XML. */
function readJsonEnvelope(body: string): string | undefined {
  const fields = readJson(body)
  const found = ['encrypt', 'Encrypt']
    .filter((name) => Object.hasOwn(fields ?? {}, name))
    .map((name) => fields?.[name])
  const [encrypt] = found
  return found.length === 1 && typeof encrypt === 'string' && BASE64.test(encrypt)
    ? encrypt
    : undefined
}

function parseJsonFields(text: string): Record<string, unknown> {
  const fields = readJson(quoteLongNumbers(cleanText(text)))
  if (fields === undefined || Object.keys(fields).length === 0)
    throw new XmlError('not a JSON object')
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'number' ? String(value) : value,
    ]),
  )
}

function readJson(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''))
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

function buildFields(fields: XmlFields): string {
  return Object.entries(fields)
    .map(([name, value]) => buildNode(name, value))
    .join('')
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
