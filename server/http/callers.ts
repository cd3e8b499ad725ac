import type Koa from 'koa'
import { readCookie } from './cookies.ts'
import { HttpError } from './errors.ts'
import type { Access, Caller, Customer, KeyHolder, Member, Route } from './route.ts'

export type Authenticate = {
  customer: (token: string) => Promise<Customer | null>
  /** The holder of a living key, whatever its scope. */
  key: (token: string) => Promise<KeyHolder | null>
  staff: StaffDoor
}

/** What WeCom says of a member now; `unknown`: it could not be asked. */
export type Vouched = 'here' | 'left' | 'unknown'
type StaffDoor = {
  /** Members carry a cookie. */
  cookie: string
  /** Where their pages live; null while the public address is not known. */
  origin: string | null
  find: (token: string) => Promise<Member | null>
  /** A session outlives its member's time with the company: before each deed WeCom is asked. */
  vouch: (userId: string) => Promise<Vouched>
}

type Refusal = readonly [code: string, message: string]
const NO_SESSION: Refusal = ['session.invalid', '登录已失效，请重新进入小程序']
const NO_KEY: Refusal = ['key.invalid', '密钥无效或已过期']

/** Whose token opens a door, and what is said to one that does not. An admin key opens what a service key opens. */
const DOORS: Record<Exclude<Access, 'public' | 'staff'>, { customers: boolean; scopes: readonly KeyHolder['scope'][]; refusal: Refusal }> = {
  customer: { customers: true, scopes: [], refusal: NO_SESSION },
  admin: { customers: false, scopes: ['admin'], refusal: NO_KEY },
  adminOrService: { customers: false, scopes: ['admin', 'service'], refusal: NO_KEY },
  customerOrAdmin: { customers: true, scopes: ['admin'], refusal: NO_SESSION },
  customerOrService: { customers: true, scopes: ['admin', 'service'], refusal: NO_SESSION },
}

/**
 * Who is calling; undefined where nobody in particular may.
 *
 * @throws HttpError 401 when what is carried opens nothing here, 403 when another web site makes a member's browser call
 * or the member has left, 503 when WeCom cannot say whether he has.
 */
export async function identifyCaller(ctx: Koa.Context, { who, harmless }: Pick<Route, 'who' | 'harmless'>, authenticate: Authenticate): Promise<Caller | undefined> {
  if (who === 'public') return undefined
  if (who === 'staff') return identifyMember(ctx, harmless, authenticate.staff)
  const token = /^Bearer ([\x21-\x7e]{16,256})$/.exec(ctx.get('Authorization'))?.[1]
  const door = DOORS[who]
  const caller = token === undefined ? null : (door.customers && (await authenticate.customer(token))) || (await findKeyHolder(token, door.scopes, authenticate))
  if (caller) return caller
  throw new HttpError(401, ...door.refusal, { 'WWW-Authenticate': 'Bearer' })
}

async function findKeyHolder(token: string, scopes: readonly KeyHolder['scope'][], authenticate: Authenticate): Promise<KeyHolder | null> {
  if (scopes.length === 0) return null
  const holder = await authenticate.key(token)
  return holder && scopes.includes(holder.scope) ? holder : null
}

/** Reading asks nobody: what lists show is masked, and an hourly round ends the sessions of who has left. */
async function identifyMember(ctx: Koa.Context, harmless: boolean, { cookie, origin, find, vouch }: StaffDoor): Promise<Member> {
  const isDeed = ctx.method !== 'GET' && ctx.method !== 'HEAD'
  if (isDeed) refuseForeign(ctx, origin)
  const member = await find(readCookie(ctx, cookie))
  if (!member) throw new HttpError(401, 'staff.session_invalid', '登录已失效，请重新打开页面')
  if (isDeed && !harmless) refuseUnvouched(await vouch(member.userId))
  return member
}

/** Who cannot be asked about is refused as well. */
function refuseUnvouched(vouched: Vouched): void {
  if (vouched === 'left') throw new HttpError(403, 'staff.left', '您的企业微信帐号已停用或不在本公司，不能再操作')
  if (vouched === 'unknown') throw new HttpError(503, 'staff.not_vouched', '企业微信暂时无法确认您的身份，请稍后再试', { 'Retry-After': '10' })
}

/** A cookie comes along with what any web site makes the browser send; a header of our own no other site can add. */
function refuseForeign(ctx: Koa.Context, own: string | null): void {
  const origin = ctx.get('Origin')
  const isForeign = origin !== '' && own !== null && origin !== own
  if (isForeign || ctx.get('X-Staff-Page') === '') throw new HttpError(403, 'staff.foreign_request', '请从员工页面操作')
}
