import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, ServerResponse } from 'node:http'

type Operation = { responses: Record<string, { $ref?: string } & Response> }
type Response = { content?: Record<string, { schema?: { allOf?: Code[] } }> }
type Code = { properties?: { error?: { properties: { code: { enum: string[] } } } } }
type Document = {
  paths: Record<string, Record<string, Operation>>
  components: { responses: Record<string, Response> }
}
type Told = { method: string; path: string }
type Answer = Told & { status: number; code: string | undefined }

const STARTED = 'http.server.request.start'
/** The playground shows the whole world of the sandbox, beside a sandbox and nowhere else. */
const OF_THE_SANDBOX = /^\/(?:playground|preview)(?:\/|$)/
const PHONE = /(?=(1[3-9]\d{9}))/g

/** Where an answer may hold a full phone, and why. */
type MayTell = Readonly<Record<string, string>>

/**
 * Looks at every answer of a server, whoever asked for it: whether the OpenAPI document names it, and whether a full phone
 * is in it. What counts as a phone is what the server itself has put to its database as one: an id that looks like a phone
 * is none.
 */
export function createAnswerWatch(mayTell: MayTell) {
  const answers = new Map<string, Answer>()
  const told = new Map<string, Told & { phone: string }>()
  const phones = new Set<string>()
  let port: number | undefined
  const look = (request: IncomingMessage, status: number, text: string): void => {
    const { method = '', url = '' } = request
    const path = url.split('?', 1)[0]!
    if (OF_THE_SANDBOX.test(path)) return
    const code = status >= 400 ? codeIn(text) : undefined
    answers.set(`${method} ${path} ${String(status)} ${String(code)}`, {
      method,
      path,
      status,
      code,
    })
    for (const [, phone = ''] of joinDigits(text).matchAll(PHONE))
      told.set(`${method} ${path} ${phone}`, { method, path, phone })
  }
  const listener = (message: unknown): void => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse }
    if (request.socket.localPort === port)
      overhear(response, (text) => look(request, response.statusCode, text))
  }
  return {
    begin: (address: string): void => {
      port = Number(new URL(address).port)
      subscribe(STARTED, listener)
    },
    end: (): void => void unsubscribe(STARTED, listener),
    notePhones: (bindings: unknown): void => notePhones(bindings, phones),
    /** Answers that the document does not name. */
    findUnnamed: (document: object): string[] => {
      const find = createFinder(document as Document)
      return [...answers.values()].filter((answer) => !isNamed(find, answer)).map(say)
    },
    /** Full phones in answers where none may be. */
    findPhones: (document: object): string[] => {
      const find = createFinder(document as Document)
      return [...told.values()]
        .filter(({ phone }) => phones.has(phone))
        .filter(
          ({ method, path }) => !Object.hasOwn(mayTell, `${method} ${find(path)?.path ?? path}`),
        )
        .map(({ method, path, phone }) => `${method} ${path} tells ${phone}`)
    },
  }
}

/** What is written as an answer, once it is complete. */
function overhear(response: ServerResponse, hear: (text: string) => void): void {
  const write = response.write.bind(response)
  const end = response.end.bind(response)
  const parts: Buffer[] = []
  const keep = (chunk: unknown): void => {
    if (typeof chunk === 'string' || chunk instanceof Uint8Array) parts.push(Buffer.from(chunk))
  }
  Object.assign(response, {
    write: (...given: unknown[]) => {
      keep(given[0])
      return Reflect.apply(write, response, given)
    },
    end: (...given: unknown[]) => {
      keep(given[0])
      hear(Buffer.concat(parts).toString())
      return Reflect.apply(end, response, given)
    },
  })
}

/** As people write a number: 138 0013 8000, +86-138-0013-8000. */
const joinDigits = (text: string): string => text.replace(/(?<=\d)[ -]+(?=\d)/g, '')

function codeIn(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { error?: { code?: string } }).error?.code
  } catch {
    return undefined
  }
}

function notePhones(value: unknown, phones: Set<string>): void {
  if (Array.isArray(value)) for (const one of value) notePhones(one, phones)
  else if (typeof value === 'string' && /^1[3-9]\d{9}$/.test(value)) phones.add(value)
}

/** The path of the document that an address belongs to: the one with the most words of its own. */
function createFinder({ paths, components }: Document) {
  const known = Object.entries(paths)
    .map(([path, methods]) => ({
      path,
      methods,
      responses: components.responses,
      pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`),
    }))
    .sort((one, other) => one.path.split('{').length - other.path.split('{').length)
  return (path: string) => known.find(({ pattern }) => pattern.test(path))
}

/** Files are no part of the document; what is nowhere is said to be nowhere. */
function isNamed(
  find: ReturnType<typeof createFinder>,
  { method, path, status, code }: Answer,
): boolean {
  const found = find(path)
  if (!found) return status === 404 || !path.startsWith('/api/')
  const operation = found.methods[method.toLowerCase()]
  if (!operation) return ['HEAD', 'OPTIONS'].includes(method) || code === 'request.method'
  const named = operation.responses[String(status)]
  const response = named?.$ref === undefined ? named : found.responses[named.$ref.split('/').pop()!]
  const codes = response?.content?.['application/json']?.schema?.allOf?.[1]?.properties?.error
  return response !== undefined && (codes?.properties.code.enum.includes(code ?? '') ?? true)
}

const say = ({ method, path, status, code }: Answer): string =>
  `${method} ${path} answers ${String(status)}${code === undefined ? '' : ` ${code}`}`
