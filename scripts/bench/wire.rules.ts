/** One HTTP answer at the front of what a connection has received. */
export type Answer = { status: number; body: string; bytes: number }

/** An answer that this client does not read: ours and the baselines say how long they are. */
export class UnreadableAnswer extends Error {}

const BLANK_LINE = '\r\n\r\n'

/**
 * The first answer, or undefined while it is not all there.
 *
 * @throws UnreadableAnswer for one without a length.
 */
export function readAnswer(received: Buffer): Answer | undefined {
  const headEnd = received.indexOf(BLANK_LINE)
  if (headEnd < 0) return undefined
  const head = received.toString('latin1', 0, headEnd)
  const status = Number(head.slice(9, 12))
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
  if (length === undefined) throw new UnreadableAnswer(head)
  const start = headEnd + BLANK_LINE.length
  const bytes = start + Number(length)
  if (received.length < bytes) return undefined
  return { status, body: received.toString('utf8', start, bytes), bytes }
}

/** The text of a request with keep-alive; `token` opens a session. */
export function toGet(path: string, token?: string): string {
  const session = token === undefined ? '' : `Authorization: Bearer ${token}\r\n`
  return `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${session}\r\n`
}

/** The same for a callback: XML in the body, its signature in the query. */
export function toPost(
  path: string,
  query: Readonly<Record<string, string>>,
  body: string,
): string {
  const search = new URLSearchParams(query).toString()
  return `POST ${path}?${search} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/xml\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}
