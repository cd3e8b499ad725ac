import type { Readable } from 'node:stream'
import type Koa from 'koa'
import * as v from 'valibot'
import type { Role, Scope } from '../../shared/api/access.ts'
import { tellIssue } from '../lib/tell-issue.ts'
import { cutText } from '../../shared/cut-text.ts'
import { HttpError, refuse, REQUEST, type Refusal, type Refusals, type Said } from './errors.ts'
import { findUnknownFields } from './unknown-fields.ts'

/**
 * Who may knock: nobody in particular, a signed-in customer, any member of the company, or who may do of an admin's work at
 * least that much; programs of the company, with `OrService` beside others.
 */
export type Access =
  | 'public'
  | 'customer'
  | 'staff'
  | Role
  | 'service'
  | 'viewerOrService'
  | 'operatorOrService'
  | 'customerOrViewer'
  | 'customerOrService'

export type Customer = {
  kind: 'customer'
  accountId: number
  openid: string
  app: 'miniprogram' | 'official'
}
/** Who may act for the company: the holder of a key, by its name, or a member with a role, by his userid. */
export type Officer = { kind: 'officer'; name: string; scope: Scope; via: 'key' | 'member' }
/** `sessionId` names the session he came with, so that he can end it. */
export type Member = { kind: 'staff'; userId: string; sessionId: Buffer; expiresAt: Date }
export type Caller = Customer | Member | Officer
type Callers = {
  public: undefined
  customer: Customer
  staff: Member
  viewer: Officer
  operator: Officer
  admin: Officer
  service: Officer
  viewerOrService: Officer
  operatorOrService: Officer
  customerOrViewer: Customer | Officer
  customerOrService: Customer | Officer
}

type Schema = v.GenericSchema
type Out<S> = S extends Schema ? v.InferOutput<S> : undefined

export type Request<Who extends Access, Body, Query, Params> = {
  caller: Callers[Who]
  body: Body
  query: Query
  params: Params
  requestId: string
}
/** `file`: what a browser saves under its name, sent instead of the envelope; a page loads nothing and runs nothing. */
type Answer<Data> = { data: Data; message?: string; file?: FileAnswer['file'] }
export type FileAnswer = { file: { name: string; content: Readable | string } }
/** A body of any kind, not read yet; `type` and `charset` as the caller named them. */
export type Upload = { stream: Readable; type: string; charset: string | undefined }
/** A refusal is a value: one of those that the route names. */
export type Refused<Word extends PropertyKey> = { refused: Word } & Said

/** What a route asks for and answers: the OpenAPI document is made from the same object. */
type RouteSpec<
  Who extends Access,
  B extends Schema | undefined,
  Q extends Schema | undefined,
  P extends Schema | undefined,
  D extends Schema,
  R extends Refusals,
> = {
  method: 'get' | 'post' | 'put' | 'delete'
  path: string
  who: Who
  /** Reveals and changes nothing of the company's: open also to a member for whom WeCom does not vouch now. */
  harmless?: true
  /** Tells full phones, for which it is a deed whatever its method; no other route tells people of the company any. */
  reveals?: true
  summary: string
  body?: B
  query?: Q
  params?: P
  data: D
  /** It may also answer with a file of this media type. */
  gives?: string
  /** What it may refuse besides what every door does: its handler can refuse nothing else. */
  refusals?: R
}

export type Route = {
  method: 'get' | 'post' | 'put' | 'delete'
  path: string
  who: Access
  harmless: boolean
  reveals: boolean
  summary: string
  schemas: { body?: Schema; query?: Schema; params?: Schema; data?: Schema }
  /** The media types of a file that it takes as its body, and of one that it answers. */
  takes?: readonly string[]
  gives?: string
  refusals: readonly Refusal[]
  handle: (ctx: Koa.Context, caller: Caller | undefined) => Promise<Partial<Answer<unknown>>>
}

/** A path that a platform calls: the raw text comes in, what `handle` sets goes out. */
export type PlatformRoute = {
  method: 'get' | 'post'
  path: string
  summary: string
  /** What stands in the address, in the platform's words. */
  query: readonly string[]
  /** The types of what it answers. */
  answers: readonly string[]
  handle: (ctx: Koa.Context, text: string) => Promise<void>
}

/** A page, or a word for machines: what goes out is no envelope. */
export type PlainRoute = {
  /** With `{name}` for what `params` explains. */
  path: string
  params?: Readonly<Record<string, string>>
  summary: string
  /** Of what type, and when it answers with which status. */
  type: string
  answers: Readonly<Record<number, string>>
  handle: (ctx: Koa.Context) => void | Promise<void>
}

/** Parses what came in by the schemas of `spec`, then hands it on; the handler sees nothing else of the request. */
export function route<
  Who extends Access,
  D extends Schema,
  B extends Schema | undefined = undefined,
  Q extends Schema | undefined = undefined,
  P extends Schema | undefined = undefined,
  R extends Refusals = Record<never, Refusal>,
>(
  spec: RouteSpec<Who, B, Q, P, D, R>,
  handle: (
    request: Request<Who, Out<B>, Out<Q>, Out<P>>,
  ) => Promise<Answer<v.InferInput<D>> | Refused<keyof R>>,
): Route {
  return {
    ...describe(spec),
    handle: (ctx, caller) => answerOf(spec, handle(toRequest(spec, ctx, caller))),
  }
}

/** The same for a body that is a file; whoever handles it reads it, and says how much of it he takes. */
export function uploadRoute<
  Who extends Access,
  D extends Schema,
  Q extends Schema | undefined = undefined,
  P extends Schema | undefined = undefined,
  R extends Refusals = Record<never, Refusal>,
>(
  spec: RouteSpec<Who, undefined, Q, P, D, R> & { takes: readonly string[] },
  handle: (
    request: Request<Who, undefined, Out<Q>, Out<P>> & { upload: Upload },
  ) => Promise<Answer<v.InferInput<D>> | Refused<keyof R>>,
): Route {
  return {
    ...describe(spec),
    takes: spec.takes,
    handle: (ctx, caller) => {
      const { charset } = ctx.request
      const upload = {
        stream: ctx.req,
        type: ctx.get('Content-Type'),
        charset: charset || undefined,
      }
      return answerOf(spec, handle({ ...toRequest(spec, ctx, caller), upload }))
    },
  }
}

/** The same for an answer that is a file. */
export function downloadRoute<
  Who extends Access,
  Q extends Schema | undefined = undefined,
  P extends Schema | undefined = undefined,
  R extends Refusals = Record<never, Refusal>,
>(
  spec: Omit<RouteSpec<Who, undefined, Q, P, Schema, R>, 'data'> & { gives: string },
  handle: (
    request: Request<Who, undefined, Out<Q>, Out<P>>,
  ) => Promise<FileAnswer | Refused<keyof R>>,
): Route {
  return {
    ...describe(spec),
    handle: (ctx, caller) => answerOf(spec, handle(toRequest(spec, ctx, caller))),
  }
}

async function answerOf<Given extends object, R extends Refusals>(
  { refusals }: { refusals?: R },
  answering: Promise<Given | Refused<keyof R>>,
): Promise<Given> {
  const answer = await answering
  if (!('refused' in answer)) return answer
  throw refuse(refusals![answer.refused]!, answer)
}

type Maybe = Schema | undefined
type Described = Omit<RouteSpec<Access, Maybe, Maybe, Maybe, Schema, Refusals>, 'data'> & {
  data?: Schema
}

function describe(spec: Described): Omit<Route, 'handle'> {
  const { method, path, who, harmless = false, reveals = false, summary, ...told } = spec
  const { gives, body, query, params, data } = told
  return {
    method,
    path,
    who,
    harmless,
    reveals,
    summary,
    ...(gives !== undefined && { gives }),
    schemas: {
      ...(data && { data }),
      ...(body && { body }),
      ...(query && { query }),
      ...(params && { params }),
    },
    refusals: Object.values(spec.refusals ?? {}),
  }
}

const toRequest = <
  Who extends Access,
  B extends Schema | undefined,
  Q extends Schema | undefined,
  P extends Schema | undefined,
>(
  { body, query, params }: { who: Who; body?: B; query?: Q; params?: P },
  ctx: Koa.Context,
  caller: Caller | undefined,
): Request<Who, Out<B>, Out<Q>, Out<P>> => ({
  caller: caller as Callers[Who],
  body: parse(body, ctx.request.body) as Out<B>,
  query: parse(query, ctx.query) as Out<Q>,
  params: parse(params, ctx['params']) as Out<P>,
  requestId: String(ctx.state['requestId']),
})

function parse(schema: Schema | undefined, value: unknown): unknown {
  if (!schema) return undefined
  if (!isStorable(value)) throw invalid('内容里有不能保存的字符，或嵌套太深')
  const unknown = findUnknownFields(schema, value)
  if (unknown.length > 0) throw refuse(UNKNOWN_FIELD, { words: { names: nameUnknown(unknown) } })
  const parsed = v.safeParse(schema, value)
  if (parsed.success) return parsed.output
  throw invalid(explain(parsed.issues[0]))
}

/** A part of a body whose shape another part decides; what is wrong is named from the top of the body. */
export function readPart<S extends Schema>(
  schema: S,
  { name, value }: { name: string; value: unknown },
): v.InferOutput<S> {
  const parsed = v.safeParse(v.object({ [name]: schema }), { [name]: value })
  if (parsed.success) return parsed.output[name] as v.InferOutput<S>
  throw invalid(explain(parsed.issues[0]))
}

export const UNKNOWN_FIELD = [
  400,
  'request.unknown_field',
  '不认识的字段：{names}',
] satisfies Refusal
const [INVALID, INVALID_CODE] = REQUEST.invalid
const invalid = (message: string) => new HttpError(INVALID, INVALID_CODE, message)

const DEEPEST = 12

/** Postgres keeps no NUL and no half characters; a deeply nested body is no honest one. */
function isStorable(value: unknown, depth = 0): boolean {
  if (typeof value === 'string') return !value.includes('\u0000') && value.isWellFormed()
  if (typeof value !== 'object' || value === null) return true
  return (
    depth < DEEPEST &&
    Object.entries(value).every(([key, item]) => isStorable(key) && isStorable(item, depth + 1))
  )
}

export const BAD_CURSOR = [400, 'request.invalid', '翻页标记无效，请从头刷新'] satisfies Refusal

/** Where a page begins: the number that the page before it gave; null: at the beginning. */
export function readMark(cursor: string | undefined): number | null {
  if (cursor === undefined) return null
  if (!/^\d{1,12}$/.test(cursor)) throw refuse(BAD_CURSOR)
  return Number(cursor)
}

/** The mark of the page behind this one, for `readMark`; nothing when there is none. */
export const toMark = (next: number | undefined): { nextCursor?: string } =>
  next === undefined ? {} : { nextCursor: String(next) }

function explain(issue: v.BaseIssue<unknown>): string {
  const name = v.getDotPath(issue)
  if (name === null) return '请求内容须为 JSON 对象'
  return issue.received === 'undefined' ? `缺少 ${name}` : `${name}：${tellIssue(issue)}`
}

const MOST_NAMED = 10
const LONGEST_NAME = 80

function nameUnknown(paths: readonly string[]): string {
  const named = paths
    .slice(0, MOST_NAMED)
    .map((path) =>
      path.length > LONGEST_NAME ? `${cutText(path, { characters: LONGEST_NAME })}…` : path,
    )
  return `${named.join('、')}${paths.length > MOST_NAMED ? ' 等' : ''}`
}
