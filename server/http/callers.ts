import type Koa from 'koa'
import { readCookie } from './cookies.ts'
import { refuse, type Refusal, type Refusals } from './errors.ts'
import type { Limits } from './limits.ts'
import type { Access, Caller, Customer, Member, Officer, Route } from './route.ts'

/** A key that opened doors once. */
type EndedKey = { kind: 'refused'; reason: 'expired' | 'revoked' }

export type Authenticate = {
  customer: (token: string) => Promise<Customer | null>
  /** The holder of a key, whatever its scope. */
  key: (token: string) => Promise<Officer | EndedKey | null>
  staff: StaffDoor
}

/** What WeCom says of a member now; `unknown`: it could not be asked. */
type Vouched = 'here' | 'left' | 'unknown'
type StaffDoor = {
  /** Members carry a cookie. */
  cookie: string
  /** Where their pages live; null while the public address is not known. */
  origin: string | null
  find: (token: string) => Promise<Member | null>
  /** The same where it takes a role; null for a member who has none. */
  findOfficer: (token: string) => Promise<Officer | null>
  /** A session outlives its member's time with the company: before each action WeCom is asked. */
  vouch: (userId: string) => Promise<Vouched>
}

type Pass = 'customer' | 'staff' | Officer['scope']
type Door = { passes: readonly Pass[]; missing: Refusal; invalid: Refusal }

const BEARER = { 'WWW-Authenticate': 'Bearer' }
const SESSION = {
  missing: [401, 'session.missing', '请先登录', BEARER],
  invalid: [401, 'session.invalid', '登录已失效，请重新进入小程序', BEARER],
} satisfies Refusals
const STAFF = {
  missing: [401, 'staff.session_missing', '请先登录', BEARER],
  invalid: [401, 'staff.session_invalid', '登录已失效，请重新打开页面', BEARER],
} satisfies Refusals
const KEY = {
  missing: [401, 'key.missing', '请带上密钥（Authorization: Bearer …）', BEARER],
  invalid: [401, 'key.invalid', '密钥不正确，请检查是否完整', BEARER],
} satisfies Refusals
const ENDED: Record<EndedKey['reason'], Refusal> = {
  expired: [401, 'key.expired', '密钥已过期，请联系管理员更换', BEARER],
  revoked: [401, 'key.revoked', '密钥已被停用，请联系管理员更换', BEARER],
}
const WRONG = {
  key: [403, 'key.forbidden', '这个密钥没有权限使用该接口'],
  role: [403, 'role.forbidden', '您的角色没有权限使用该功能，请联系管理员'],
  session: [403, 'session.forbidden', '当前登录身份不能使用该接口'],
} satisfies Refusals
const MEMBER = {
  left: [403, 'staff.left', '您的企业微信帐号已停用或不在本公司，不能再操作'],
  foreign: [403, 'staff.foreign_request', '请从员工页面操作'],
  notVouched: [
    503,
    'staff.not_vouched',
    '企业微信暂时无法确认您的身份，请稍后再试',
    { 'Retry-After': '10' },
  ],
} satisfies Refusals

/** Whoever may decide may act, and whoever may act may look. */
const VIEWERS = ['viewer', 'operator', 'admin'] as const
const OPERATORS = ['operator', 'admin'] as const

/** Who may pass a door, and what is said to one who is nobody. */
const DOORS: Record<Exclude<Access, 'public'>, Door> = {
  customer: { passes: ['customer'], ...SESSION },
  staff: { passes: ['staff'], ...STAFF },
  viewer: { passes: VIEWERS, ...KEY },
  operator: { passes: OPERATORS, ...KEY },
  admin: { passes: ['admin'], ...KEY },
  service: { passes: ['service'], ...KEY },
  viewerOrService: { passes: [...VIEWERS, 'service'], ...KEY },
  operatorOrService: { passes: [...OPERATORS, 'service'], ...KEY },
  customerOrViewer: { passes: ['customer', ...VIEWERS], ...SESSION },
  customerOrService: { passes: ['customer', ...OPERATORS, 'service'], ...SESSION },
}

type Lookup = { authenticate: Authenticate; limits: Pick<Limits, 'tryToken' | 'countRefusal'> }

/**
 * Who is calling, whether he may or not; undefined where nobody in particular may.
 *
 * @throws HttpError 401 when he is nobody, 403 when another web site makes a member's browser call, 429 when his address
 * has tried too many tokens that open nothing.
 */
export async function identifyCaller(
  ctx: Koa.Context,
  route: Pick<Route, 'who' | 'reveals'>,
  { authenticate, limits }: Lookup,
): Promise<Caller | undefined> {
  const { who } = route
  if (who === 'public') return undefined
  const { staff } = authenticate
  if (who === 'staff' && isDeed(ctx, route)) refuseForeign(ctx, staff.origin)
  const cookie = readCookie(ctx, staff.cookie)
  const bearer = readBearer(ctx)
  const byCookie = cookie !== '' && (who === 'staff' || bearer === null)
  const token = byCookie ? cookie : bearer
  if (token === null) return refuseNobody(ctx, { refusal: refusalOf(ctx, DOORS[who]), limits })
  const look = (): Promise<Caller | EndedKey | null> =>
    byCookie ? findByCookie(cookie, who, authenticate) : findByBearer(token, who, authenticate)
  const found = await limits.tryToken(ctx.ip, token, look)
  if (found === null) throw refuse(DOORS[who][byCookie && who !== 'staff' ? 'missing' : 'invalid'])
  if (found.kind === 'refused') throw refuse(ENDED[found.reason])
  if (byCookie && who !== 'staff' && isDeed(ctx, route)) refuseForeign(ctx, staff.origin)
  return found
}

/** A member's cookie opens his own doors, and with a role those of admins: to any other it is as if none had come. */
const findByCookie = (
  cookie: string,
  who: Exclude<Access, 'public'>,
  { staff }: Authenticate,
): Promise<Member | Officer | null> =>
  who === 'staff' ? staff.find(cookie) : staff.findOfficer(cookie)

/**
 * Whether this caller may do it.
 *
 * @throws HttpError 403 when his session or key is for other doors, or the member has left; 503 when WeCom cannot say
 * whether he has.
 */
export async function refuseForbidden(
  ctx: Koa.Context,
  {
    caller,
    route,
    authenticate,
  }: {
    caller: Caller | undefined
    route: Pick<Route, 'who' | 'harmless' | 'reveals'>
    authenticate: Authenticate
  },
): Promise<void> {
  if (caller === undefined || route.who === 'public') return
  const pass: Pass = caller.kind === 'officer' ? caller.scope : caller.kind
  if (!DOORS[route.who].passes.includes(pass)) throw refuse(forbiddenTo(caller))
  // Reading asks nobody: what lists show is masked, and an hourly round ends the sessions of who has left.
  const member = memberOf(caller)
  if (member !== null && isDeed(ctx, route) && !route.harmless)
    refuseUnvouched(await authenticate.staff.vouch(member))
}

const memberOf = (caller: Caller): string | null => {
  if (caller.kind === 'staff') return caller.userId
  return caller.kind === 'officer' && caller.via === 'member' ? caller.name : null
}

function forbiddenTo(caller: Caller): Refusal {
  if (caller.kind !== 'officer') return WRONG.session
  return WRONG[caller.via === 'key' ? 'key' : 'role']
}

/** Who passes, the least of the roles first. */
export const passesOf = (who: Exclude<Access, 'public'>): readonly Pass[] => DOORS[who].passes

/** What the door of a route says to those who may not pass. */
export function doorRefusals({
  who,
  method,
  harmless,
  reveals,
}: Pick<Route, 'who' | 'method' | 'harmless' | 'reveals'>): Refusal[] {
  if (who === 'public') return []
  const { passes, missing, invalid } = DOORS[who]
  // Whoever brings the key, the session or the cookie of another door hears what is wrong with it.
  const wrong = who === 'staff' ? [WRONG.key, WRONG.session] : Object.values(WRONG)
  const changes = method !== 'get' || reveals
  const takesMembers = passes.includes('admin') || who === 'staff'
  const asksWecom = changes && takesMembers && !harmless
  return [
    ...[missing, invalid, ...Object.values(ENDED), ...wrong],
    ...(changes ? [MEMBER.foreign] : []),
    ...(asksWecom ? [MEMBER.left, MEMBER.notVouched] : []),
  ]
}

/** A full phone that is told is a deed as well: it is in the log, and nobody else's web site may bring it about. */
const isDeed = (ctx: Koa.Context, { reveals }: Pick<Route, 'reveals'>): boolean =>
  reveals || (ctx.method !== 'GET' && ctx.method !== 'HEAD')

const readBearer = (ctx: Koa.Context): string | null =>
  /^Bearer ([\x21-\x7e]{16,256})$/.exec(ctx.get('Authorization'))?.[1] ?? null

/** Whoever is expected is looked for first: one query instead of two. */
const findByBearer = async (
  token: string,
  who: Exclude<Access, 'public'>,
  { customer, key }: Authenticate,
): Promise<Customer | Officer | EndedKey | null> =>
  DOORS[who].passes.includes('customer')
    ? ((await customer(token)) ?? (await key(token)))
    : ((await key(token)) ?? (await customer(token)))

const refusalOf = (ctx: Koa.Context, { missing, invalid }: Door): Refusal =>
  ctx.get('Authorization') === '' ? missing : invalid

function refuseNobody(
  ctx: Koa.Context,
  { refusal, limits }: { refusal: Refusal; limits: Lookup['limits'] },
): never {
  limits.countRefusal(ctx.ip)
  throw refuse(refusal)
}

/** Who cannot be asked about is refused as well. */
function refuseUnvouched(vouched: Vouched): void {
  if (vouched === 'left') throw refuse(MEMBER.left)
  if (vouched === 'unknown') throw refuse(MEMBER.notVouched)
}

/** A cookie comes along with what any web site makes the browser send; a header of our own no other site can add. */
function refuseForeign(ctx: Koa.Context, own: string | null): void {
  const origin = ctx.get('Origin')
  const isForeign = origin !== '' && own !== null && origin !== own
  if (isForeign || ctx.get('X-Staff-Page') === '') throw refuse(MEMBER.foreign)
}
