import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { decrypt, getSignature } from '@wecom/crypto'

import { sandboxCredentials as credentials } from '../base/credentials.ts'
import { createSandbox, type Sandbox } from '../sandbox.ts'

/** A careful little client of the sandbox, for its own tests. Everything goes over HTTP. */
export type Json = Record<string, unknown> & { errcode?: number; errmsg?: string }

type Received = {
  path: string
  query: URLSearchParams
  body: string
  xml: string
  event: Record<string, string>
}

type Listener = {
  url: string
  received: Received[]
  /** the status of the next answers; the last one stays */
  answers: number[]
  stop(): Promise<void>
}

const doors: Record<string, { token: string; aesKey: string }> = {
  '/api/wework/callback': { token: credentials.callbackToken, aesKey: credentials.callbackAesKey },
  '/api/wechat-work/message': {
    token: credentials.kfCallbackToken,
    aesKey: credentials.kfCallbackAesKey,
  },
}

const nodeOf = (xml: string, name: string): string | undefined =>
  new RegExp(`<${name}>(?:<!\\[CDATA\\[)?(.*?)(?:\\]\\]>)?</${name}>`).exec(xml)?.[1]

function openEnvelope(path: string, query: URLSearchParams, body: string): Received {
  const door = doors[path]
  const encrypted = nodeOf(body, 'Encrypt')
  if (door === undefined || encrypted === undefined)
    throw new Error(`unexpected callback at ${path}`)
  const signature = getSignature(
    door.token,
    query.get('timestamp') ?? '',
    query.get('nonce') ?? '',
    encrypted,
  )
  if (signature !== query.get('msg_signature')) throw new Error('bad signature')
  const { message, id } = decrypt(door.aesKey, encrypted)
  if (id !== credentials.corpId) throw new Error('bad receiver')
  const names = [...message.matchAll(/<(\w+)>/g)].flatMap((match) =>
    match[1] === undefined ? [] : [match[1]],
  )
  const event = Object.fromEntries(
    names.slice(1).map((name) => [name, nodeOf(message, name) ?? '']),
  )
  return { path, query, body, xml: message, event }
}

/** Stands where the server would stand: verifies, decrypts and keeps what arrives. */
async function listenForCallbacks(): Promise<Listener> {
  const received: Received[] = []
  const answers: number[] = [200]
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://localhost')
      received.push(openEnvelope(url.pathname, url.searchParams, Buffer.concat(chunks).toString()))
      response.statusCode = (answers.length > 1 ? answers.shift() : answers[0]) ?? 200
      response.end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stop = () =>
    new Promise<void>((resolve) => (server.close(() => resolve()), server.closeAllConnections()))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answers,
    stop,
  }
}

export type Kit = Awaited<ReturnType<typeof createKit>>

export async function createKit() {
  const listener = await listenForCallbacks()
  const sandbox: Sandbox = await createSandbox({ port: 0, callbackBase: listener.url })
  const call = async (method: string, path: string, body?: unknown): Promise<Json> => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) }
    const response = await fetch(sandbox.url + path, init)
    return (await response.json()) as Json
  }
  const control = async (path: string, body: unknown = {}): Promise<Json> => {
    const response = await fetch(`${sandbox.url}/_sandbox${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
    })
    const answer = (await response.json()) as Json
    if (response.status !== 200) throw new Error(`${response.status}: ${String(answer['error'])}`)
    return answer
  }
  const look = (path: string): Promise<Json> => call('GET', `/_sandbox${path}`)
  const token = async (secret: string): Promise<string> => {
    const query = new URLSearchParams({ corpid: credentials.corpId, corpsecret: secret })
    return String(
      (await call('GET', `/wecom/cgi-bin/gettoken?${query.toString()}`))['access_token'],
    )
  }
  const asApp =
    (secret: string) => async (method: 'GET' | 'POST', path: string, body?: unknown) => {
      const glue = path.includes('?') ? '&' : '?'
      return call(method, `/wecom/cgi-bin/${path}${glue}access_token=${await token(secret)}`, body)
    }
  const stop = async (): Promise<void> => {
    await sandbox.stop()
    await listener.stop()
  }
  return {
    sandbox,
    listener,
    call,
    control,
    look,
    token,
    kf: asApp(credentials.kfSecret),
    contact: asApp(credentials.contactSecret),
    stop,
  }
}

let lastPhone = 13800130000

export async function newPerson(kit: Kit, more: Record<string, unknown> = {}) {
  lastPhone += 1
  const phone = String(lastPhone)
  const person = await kit.control('/people', { name: '王小明', phone, ...more })
  return {
    phone,
    personId: String(person['personId']),
    openid: String(person['openid']),
    unionid: person['unionid'] as string | null,
    externalUserid: String(person['externalUserid']),
  }
}

/** A fresh start between tests; the faults go with the reset. */
export async function clean(kit: Kit): Promise<void> {
  await kit.control('/reset')
  await kit.sandbox.idle()
  kit.listener.received.length = 0
  kit.listener.answers.splice(0, Infinity, 200)
  await kit.control('/settings', {
    callbackBase: kit.listener.url,
    retryDelayMs: 20,
    kfHours: null,
    unionidAvailable: true,
    undocumented: 'fixed',
  })
}

export const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
