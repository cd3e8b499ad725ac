import sax, { type QualifiedTag, type Tag } from 'sax'

/** Not as Excel writes it, or more than Excel can hold. */
export class NotAWorkbook extends Error {}

type Attributes = Readonly<Record<string, string>>
/** Names of elements come without their prefix, names of attributes as they stand. */
export type Reader = {
  open?: (name: string, attributes: Attributes) => void
  text?: (text: string) => void
  close?: (name: string) => void
}

const withoutPrefix = (name: string): string => name.slice(name.indexOf(':') + 1)

/**
 * Reads a part of a workbook and says after each piece that it is read, so that who takes its rows slowly is not overrun.
 *
 * @throws when it is not XML, or names an entity of its own making: none is ever expanded.
 */
export async function* parsePart(
  source: AsyncIterable<Buffer>,
  reader: Reader,
): AsyncGenerator<undefined> {
  const parser = sax.parser(true, { position: false })
  let broken: Error | undefined
  parser.onerror = (error) => void (broken ??= error)
  parser.onopentag = ({ name, attributes }: Tag | QualifiedTag) =>
    reader.open?.(withoutPrefix(name), attributes as Attributes)
  parser.ontext = parser.oncdata = (text) => reader.text?.(text)
  parser.onclosetag = (name) => reader.close?.(withoutPrefix(name))
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const take = (text: string): void => {
    if (broken === undefined) parser.write(text)
    if (broken !== undefined) throw broken
  }
  for await (const piece of source) {
    take(decoder.decode(piece, { stream: true }))
    yield
  }
  take(decoder.decode())
  parser.close()
  if (broken !== undefined) throw broken
}

/** A small part, at once. */
export async function readPart(source: AsyncIterable<Buffer>, reader: Reader): Promise<void> {
  for await (const _ of parsePart(source, reader));
}
