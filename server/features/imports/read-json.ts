import { pipeline, Readable } from 'node:stream'
import { streamArray } from 'stream-json/streamers/stream-array.js'
import { streamValues } from 'stream-json/streamers/stream-values.js'
import { FileRefused, type ListItem } from './order-file.ts'

/** A list of orders, or one order after the other (JSON Lines). */
export async function* readJson(
  text: AsyncIterable<string>,
  first: '[' | '{',
): AsyncGenerator<ListItem> {
  const streamer =
    first === '['
      ? streamArray.withParserAsStream()
      : streamValues.withParserAsStream({ jsonStreaming: true })
  pipeline(Readable.from(refuseHuge(text, first === '[' ? 1 : 0)), streamer, () => {})
  let line = 0
  try {
    for await (const { value } of streamer as AsyncIterable<{ value: unknown }>) {
      line += 1
      yield { line, item: value }
    }
  } catch (error) {
    if (error instanceof FileRefused) throw error
    throw new FileRefused(`第 ${String(line + 1)} 项之后不是正确的 JSON`)
  }
}

/** Far more than a load takes. An item is held whole, and each level and each field of it costs more than its letters. */
const LONGEST_ITEM = 1024 * 1024
const DEEPEST = 100

/** Passes the text on; items stand at a depth of `base`. */
async function* refuseHuge(text: AsyncIterable<string>, base: number): AsyncGenerator<string> {
  const at = { depth: 0, length: 0, item: 1, inText: false, escaped: false }
  for await (const piece of text) {
    for (const sign of piece) {
      at.length += 1
      if (at.escaped) at.escaped = false
      else if (at.inText) readText(at, sign)
      else readSign(at, { sign, base })
      if (at.depth > DEEPEST || at.length > LONGEST_ITEM)
        throw new FileRefused(`第 ${String(at.item)} 项太大，或嵌套太深`)
    }
    yield piece
  }
}

type At = { depth: number; length: number; item: number; inText: boolean; escaped: boolean }

function readText(at: At, sign: string): void {
  at.inText = sign !== '"'
  at.escaped = sign === '\\'
}

function readSign(at: At, { sign, base }: { sign: string; base: number }): void {
  if (sign === '"') at.inText = true
  if (sign === '{' || sign === '[') at.depth += 1
  if (sign === '}' || sign === ']') {
    at.depth -= 1
    if (at.depth === base) at.item += 1
  }
  if (at.depth <= base && sign !== '"') at.length = 0
}
