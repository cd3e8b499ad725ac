import type { IncomingMessage } from 'node:http'

import { refusal } from '../base/errcodes.ts'

const MAX_BYTES = 25 * 1024 * 1024

/**
 * The raw bytes, whatever the content type says: both platforms parse a JSON body sent as text/plain or with no type
 * at all, and koa-body chooses its parser by that type.
 */
export async function readRaw(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += (chunk as Buffer).length
    if (size > MAX_BYTES) throw refusal(40006)
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks)
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

export function parseJson(raw: Buffer): unknown {
  if (raw.length === 0) throw refusal(44002)
  try {
    return JSON.parse(utf8.decode(raw))
  } catch {
    throw refusal(47001)
  }
}

/** One value per name: a client that sends a parameter twice cannot know which one counts. */
export function singleQuery(search: string): Record<string, string> {
  const query: Record<string, string> = {}
  for (const [name, value] of new URLSearchParams(search)) {
    if (Object.hasOwn(query, name)) throw refusal(40058, `query ${name} given twice`)
    query[name] = value
  }
  return query
}
