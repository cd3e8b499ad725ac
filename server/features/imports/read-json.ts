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
  pipeline(Readable.from(text), streamer, () => {})
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
