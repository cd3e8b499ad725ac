import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FetchedToken, TokenKey } from './token-store.ts'

// For tests only: an upstream at the other end of a real wire that answers what it was told to, and small stand-ins for its client.

export interface SeenRequest {
  method: string
  path: string
  query: Record<string, string>
  body: unknown
}

/** 'cut' ends the connection without an answer, 'hang' never answers; a number is an HTTP status. */
export type Scripted =
  | Record<string, unknown>
  | 'cut'
  | 'hang'
  | number
  | ((request: SeenRequest) => Record<string, unknown>)

/** Starts the platform. `script` queues answers for a path; the last one stays. A path without a script answers errcode 0. */
export async function startScriptedPlatform() {
  const scripts = new Map<string, Scripted[]>()
  const requests: SeenRequest[] = []
  const server = createServer((request, response) => void serve(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const baseUrl = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`

  return { baseUrl, requests, script, seen, reset, stop }

  function script(path: string, ...answers: Scripted[]): void {
    scripts.set(path, answers)
  }

  /** The requests to one path, in order. */
  function seen(path: string): SeenRequest[] {
    return requests.filter((request) => request.path === path)
  }

  function reset(): void {
    scripts.clear()
    requests.length = 0
  }

  async function stop(): Promise<void> {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const seenRequest = await read(request)
    requests.push(seenRequest)
    const answer = next(seenRequest.path)
    if (answer === 'hang') return
    if (answer === 'cut') request.socket.destroy()
    else if (typeof answer === 'number') response.writeHead(answer).end()
    else
      response
        .setHeader('content-type', 'application/json')
        .end(JSON.stringify(typeof answer === 'function' ? answer(seenRequest) : answer))
  }

  function next(path: string): Scripted {
    const answers = scripts.get(path) ?? []
    return (answers.length > 1 ? answers.shift() : answers[0]) ?? { errcode: 0, errmsg: 'ok' }
  }
}

/** Tokens in memory for one process; the real store is tested beside itself. */
export function memoryTokens() {
  const held = new Map<string, string>()
  const invalidated: string[] = []
  const nameOf = (key: TokenKey) => `${key.provider}|${key.subject}|${key.secret}`

  return { get, invalidate, invalidated }

  async function get(key: TokenKey, fetchToken: () => Promise<FetchedToken>): Promise<string> {
    const token = held.get(nameOf(key)) ?? (await fetchToken()).token
    held.set(nameOf(key), token)
    return token
  }

  function invalidate(key: TokenKey, failedToken: string): Promise<void> {
    invalidated.push(failedToken)
    if (held.get(nameOf(key)) === failedToken) held.delete(nameOf(key))
    return Promise.resolve()
  }
}

/** A log that keeps its lines. */
export function keptLog() {
  const lines: { level: string; text: string }[] = []
  const keep =
    (level: string) =>
    (...args: unknown[]) => {
      lines.push({ level, text: args.map(describe).join(' ') })
    }
  return {
    lines,
    debug: keep('debug'),
    info: keep('info'),
    warn: keep('warn'),
    error: keep('error'),
  }
}

function describe(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  return JSON.stringify(value, (_, inner: unknown) =>
    inner instanceof Error ? `${inner.name}: ${inner.message}` : inner,
  )
}

async function read(request: IncomingMessage): Promise<SeenRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const raw = Buffer.concat(chunks).toString('latin1')
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://platform')
  const isJson = request.headers['content-type'] === 'application/json'
  const body: unknown = isJson ? JSON.parse(Buffer.from(raw, 'latin1').toString('utf8')) : raw
  return {
    method: request.method ?? '',
    path: pathname,
    query: Object.fromEntries(searchParams),
    body,
  }
}
