import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { Moods } from './moods.ts'

/** The platform's no. HTTP stays 200 (facts 9). */
export class RefusedError extends Error {
  readonly errcode: number
  constructor(errcode: number) {
    super(`refused with ${String(errcode)}`)
    this.errcode = errcode
  }
}

export type Body = Readonly<Record<string, unknown>>
/** `app` is whose token came along, '' at calls that need none. */
type Call = { query: URLSearchParams; body: Body; raw: Buffer; app: string }
export type Desk = Readonly<Record<string, (call: Call) => object>>

/** Calls that name app and secret themselves. */
const WITHOUT_TOKEN = ['/cgi-bin/gettoken', '/cgi-bin/stable_token', '/sns/jscode2session']
/** Facts 3.7: who is told "busy" may try three times, so the third of a row is served. */
const MOST_IN_A_ROW = 2

type Deps = {
  moods: Moods
  desks: Readonly<Record<string, Desk>>
  checkToken: (desk: string, token: string | null) => string
}

/** One listener for both hosts, told apart by the first segment of the path. */
export async function openDesks(deps: Deps) {
  const strange: string[] = []
  const inARow = new Map<string, number>()
  const server = createServer((request, response) => {
    answer(deps, { request, response, strange, inARow }).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    /** Calls that the facts do not know, as `METHOD /path`. */
    strange,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

type Visit = {
  request: IncomingMessage
  response: ServerResponse
  strange: string[]
  inARow: Map<string, number>
}

async function answer(deps: Deps, visit: Visit): Promise<void> {
  const { request, response } = visit
  const url = new URL(request.url ?? '/', 'http://platform')
  const [, desk = '', ...rest] = url.pathname.split('/')
  const path = `/${rest.join('/')}`
  const raw = await buffer(request)
  const serve = deps.desks[desk]?.[`${request.method ?? ''} ${path}`]
  await deps.moods.dawdle()
  if (serve === undefined) {
    visit.strange.push(`${request.method ?? ''} ${url.pathname}`)
    return void response.writeHead(404).end('404 page not found')
  }
  const said = decide(() => {
    const app = WITHOUT_TOKEN.includes(path)
      ? ''
      : deps.checkToken(desk, url.searchParams.get('access_token'))
    refuseByMood(deps.moods, visit.inARow, `${desk}${path}`)
    return serve({ query: url.searchParams, body: parse(raw), raw, app })
  })
  const errcode = 'errcode' in said ? said.errcode : 0
  const plain = desk === 'wx' && errcode === 0 && deps.moods.chance(0.5) // facts 4.4: success often has no errcode
  const full = plain ? said : { errcode, errmsg: errmsgOf(deps.moods, errcode), ...said }
  response.writeHead(200, {
    'content-type': deps.moods.pick('application/json; charset=UTF-8', 'text/plain;charset=utf-8'),
  })
  response.end(JSON.stringify(deps.moods.ornament(full)))
}

function decide(serve: () => object): object & { errcode?: number } {
  try {
    return serve()
  } catch (error) {
    if (error instanceof RefusedError) return { errcode: error.errcode }
    throw error
  }
}

function refuseByMood(moods: Moods, inARow: Map<string, number>, place: string): void {
  const before = inARow.get(place) ?? 0
  const refuses = before < MOST_IN_A_ROW && moods.chance(moods.temper.refusing)
  inARow.set(place, refuses ? before + 1 : 0)
  // A token that is refused for a limit is one that stays refused for a while; no story waits for that.
  if (refuses)
    throw new RefusedError(
      WITHOUT_TOKEN.some((path) => place.endsWith(path)) ? -1 : moods.pick(-1, -1, 45009),
    )
}

/** errmsg is advice: a text of ours, at times none, at times in Chinese. */
function errmsgOf(moods: Moods, errcode: number): string {
  if (errcode === 0) return moods.pick('ok', 'success', '', '成功')
  const trace = `refused [${moods.letters(48)}] from ip: 10.1.2.3`
  return moods.pick(`E${String(errcode)}`, '请求未被受理，请稍后再试', trace, '')
}

function parse(raw: Buffer): Body {
  try {
    const value: unknown = JSON.parse(raw.toString('utf8'))
    return typeof value === 'object' && value !== null ? (value as Body) : {}
  } catch {
    return {}
  }
}

/** A text of the body, or ''. */
export const word = (body: Body, name: string): string =>
  typeof body[name] === 'string' ? body[name] : ''
export const list = (body: Body, name: string): unknown[] =>
  Array.isArray(body[name]) ? body[name] : []
export const part = (body: Body, name: string): Body => {
  const value = body[name]
  return typeof value === 'object' && value !== null ? (value as Body) : {}
}
export const bytes = (text: string): number => Buffer.byteLength(text, 'utf8')
