import { File } from 'node:buffer'
import { Agent, FormData, request } from 'undici'
import { cleanDeep } from './clean-text.ts'
import { quoteLongNumbers } from './long-numbers.ts'

type OutsideErrorKind = 'network' | 'timeout' | 'bad_response'

/**
 * A call that brought no usable answer. `sent: false` means the other side cannot have seen it; `true` means nobody knows.
 * The message names method, path and reason only: the query may carry a token, a secret or a login code.
 */
export class OutsideError extends Error {
  readonly kind: OutsideErrorKind
  readonly sent: boolean
  readonly endpoint: string
  readonly status: number | undefined
  constructor(
    kind: OutsideErrorKind,
    about: { endpoint: string; sent: boolean; reason: string; status?: number },
  ) {
    super(`${kind}: ${about.endpoint}: ${about.reason}`)
    this.name = 'OutsideError'
    this.kind = kind
    this.sent = about.sent
    this.endpoint = about.endpoint
    this.status = about.status
  }
}

interface HttpClientOptions {
  /** Scheme, host and an optional path prefix. */
  baseUrl: string
  /** For the whole call: connect, send, and the last byte of the answer. */
  timeoutMs: number
  /** A longer answer is a bad_response. Default 16 MiB: a sync_msg page of 1,000 messages is a few. */
  maxBodyBytes?: number
}

export type Query = Readonly<Record<string, string>>
export type JsonObject = Record<string, unknown>

export interface FilePart {
  field: string
  filename: string
  contentType: string
  bytes: Uint8Array
}

interface Exchange {
  method: 'GET' | 'POST'
  headers?: Record<string, string>
  body?: string | FormData
}

/** Codes of failures that happen before a single byte of the request has left. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

/** JSON over HTTP to one upstream. Never retries, never follows a redirect; every failure is an OutsideError. */
export function createHttpClient({
  baseUrl,
  timeoutMs,
  maxBodyBytes = 16 * 1024 * 1024,
}: HttpClientOptions) {
  const base = baseUrl.replace(/\/+$/, '')
  const agent = new Agent({
    maxResponseSize: maxBodyBytes,
    connect: { timeout: Math.min(timeoutMs, 5_000) },
  })

  return { getJson, postJson, postMultipart, close: () => agent.close() }

  function getJson(path: string, query: Query): Promise<JsonObject> {
    return exchange(path, query, { method: 'GET' })
  }

  function postJson(path: string, query: Query, body: JsonObject): Promise<JsonObject> {
    return exchange(path, query, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  }

  function postMultipart(path: string, query: Query, part: FilePart): Promise<JsonObject> {
    const form = new FormData()
    form.set(part.field, new File([part.bytes], part.filename, { type: part.contentType }))
    return exchange(path, query, { method: 'POST', body: form })
  }

  async function exchange(path: string, query: Query, what: Exchange): Promise<JsonObject> {
    const endpoint = `${what.method} ${path}`
    const signal = AbortSignal.timeout(timeoutMs)
    try {
      const answer = await request(withQuery(base + path, query), {
        ...what,
        dispatcher: agent,
        signal,
      })
      return readJson(endpoint, answer.statusCode, await answer.body.text())
    } catch (error) {
      throw toOutsideError(error, endpoint)
    }
  }
}

export type HttpClient = ReturnType<typeof createHttpClient>

/** A wait between tries, in milliseconds, before the second and the third. */
const PAUSES_MS = [200, 800]

/** Runs `action` up to three times while `mayRepeat` says that the failure allows it. `wait` takes milliseconds. */
export async function withTries<T>(
  action: () => Promise<T>,
  {
    mayRepeat,
    wait,
  }: { mayRepeat: (error: unknown) => boolean; wait: (ms: number) => Promise<unknown> },
): Promise<T> {
  for (const pauseMs of PAUSES_MS) {
    try {
      return await action()
    } catch (error) {
      if (!mayRepeat(error)) throw error
      await wait(pauseMs)
    }
  }
  return await action()
}

/** Whether a failed exchange may be tried again: always when nothing was sent, else only if a repetition does no harm. */
export function isRepeatable(error: unknown, harmless: boolean): boolean {
  if (!(error instanceof OutsideError)) return false
  if (!error.sent) return true
  return harmless && (error.status === undefined || error.status >= 500)
}

function withQuery(url: string, query: Query): string {
  const search = new URLSearchParams(query).toString()
  return search === '' ? url : `${url}?${search}`
}

function readJson(endpoint: string, status: number, text: string): JsonObject {
  const bad = (reason: string) =>
    new OutsideError('bad_response', { endpoint, sent: true, status, reason })
  if (status < 200 || status > 299) throw bad(`status ${String(status)}`)
  const value = parseJson(quoteLongNumbers(text))
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw bad('not a JSON object')
  return cleanDeep(value) as JsonObject
}

/**
 * Both platforms have been seen to leave a raw control character inside a nickname; one such byte must not make a page of messages
 * unreadable for ever. Between tokens such a character is white space, so replacing all of them is safe.
 */
function parseJson(text: string): unknown {
  for (const candidate of [text, text.replace(/\p{Cc}/gu, ' ')]) {
    try {
      return JSON.parse(candidate)
    } catch {
      /* the next candidate, or undefined */
    }
  }
  return undefined
}

function toOutsideError(error: unknown, endpoint: string): OutsideError {
  if (error instanceof OutsideError) return error
  const reason = reasonOf(error)
  if (reason === 'UND_ERR_RES_EXCEEDED_MAX_SIZE')
    return new OutsideError('bad_response', { endpoint, sent: true, reason: 'answer too long' })
  const late = /^TimeoutError$|TIMEOUT|ETIMEDOUT/.test(reason)
  return new OutsideError(late ? 'timeout' : 'network', {
    endpoint,
    sent: !NOT_SENT.has(reason),
    reason,
  })
}

/** The code or else the name, never the message: undici's may carry the address. */
function reasonOf(error: unknown): string {
  const { code, name } =
    typeof error === 'object' && error !== null ? (error as { code?: unknown; name?: unknown }) : {}
  if (typeof code === 'string') return code
  return typeof name === 'string' ? name : 'unknown'
}
