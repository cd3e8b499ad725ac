import type Koa from 'koa'
import { ClaimPath, JssdkSignature, PendingCustomers, PhonesMissing, RevealedPhone, SignatureQuery, SignedOut, StaffMember } from '../../../shared/api/staff.ts'
import { HttpError } from '../../http/errors.ts'
import { route, type Route } from '../../http/route.ts'
import type { Member, StaffSignIn } from './sign-in.ts'
import type { Staff } from './staff.ts'
import { readCookie, type Cookies } from './staff.cookies.ts'

type Deps = { staff: Staff; signIn: Pick<StaffSignIn, 'find' | 'end'>; cookies: Cookies; baseUrl: string | null }

const noSession = () => new HttpError(401, 'staff.session_invalid', '登录已失效，请重新打开页面')

/** The H5 pages' API: the cookie of a signed-in member opens it, a customer's session or a key does not. */
export function createStaffRoutes(deps: Deps): Route[] {
  const { staff } = deps
  return [
    forMembers(deps, ({ userId, expiresAt }) => route({ method: 'get', path: '/api/staff/me', who: 'public', summary: 'Staff: who I am', data: StaffMember },
      () => Promise.resolve({ data: { userid: userId, expiresAt: expiresAt.toISOString() } }))),
    forMembers(deps, () => route({ method: 'get', path: '/api/staff/pending-customers', who: 'public', summary: 'Staff: customers who wait to be added', data: PendingCustomers },
      async () => ({ data: { items: await staff.listWaiting() } }))),
    forMembers(deps, ({ userId }) => route({ method: 'post', path: '/api/staff/pending-customers/:id/reveal', who: 'public', summary: 'Staff: the full phone of one of them; logged', params: ClaimPath, data: RevealedPhone },
      async ({ params, requestId }) => {
        const phoneNumber = await staff.reveal(params.id, { userId, requestId })
        if (phoneNumber === null) throw new HttpError(404, 'staff.not_waiting', '这位客户已经不在等待了，请刷新列表')
        return { data: { phoneNumber } }
      })),
    forMembers(deps, ({ userId }) => route({ method: 'get', path: '/api/staff/phone-missing', who: 'public', summary: 'Staff: my contacts whose phone is not noted or not clear', data: PhonesMissing },
      async () => ({ data: { items: await staff.listPhonesMissing(userId) } }))),
    forMembers(deps, () => route({ method: 'get', path: '/api/wecom/jssdk-signature', who: 'public', summary: 'Staff: JS-SDK signatures for a page of ours', query: SignatureQuery, data: JssdkSignature },
      async ({ query }) => {
        const signed = await staff.signPage(query.url)
        if (!signed) throw new HttpError(403, 'staff.foreign_page', '只能为本系统的页面签名')
        return { data: signed }
      })),
    createSignOut(deps),
  ]
}

function createSignOut(deps: Deps): Route {
  const signOut = route({ method: 'post', path: '/api/staff/sign-out', who: 'public', summary: 'Staff: end my session', data: SignedOut },
    () => Promise.resolve({ data: { signedOut: true }, message: '已退出' }))
  return {
    ...signOut,
    handle: async (ctx) => {
      refuseForeign(ctx, deps.baseUrl)
      await deps.signIn.end(readCookie(ctx, deps.cookies.session))
      deps.cookies.clear(ctx, deps.cookies.session)
      return signOut.handle(ctx, undefined)
    },
  }
}

/** The front door knows no members: their cookie is looked at here, and each request gets the route of its member. */
function forMembers(deps: Deps, make: (member: Member) => Route): Route {
  return {
    ...make({ userId: '', expiresAt: new Date(0) }),
    handle: async (ctx) => {
      if (ctx.method !== 'GET') refuseForeign(ctx, deps.baseUrl)
      const member = await deps.signIn.find(readCookie(ctx, deps.cookies.session))
      if (!member) throw noSession()
      return make(member).handle(ctx, undefined)
    },
  }
}

/** A cookie comes along with what any web site makes the browser send; a header of our own no other site can add. */
function refuseForeign(ctx: Koa.Context, baseUrl: string | null): void {
  const origin = ctx.get('Origin')
  const isForeign = origin !== '' && baseUrl !== null && origin !== new URL(baseUrl).origin
  if (isForeign || ctx.get('X-Staff-Page') === '') throw new HttpError(403, 'staff.foreign_request', '请从员工页面操作')
}
