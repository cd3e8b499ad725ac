import type Koa from 'koa'
import { readCookie, type Cookies } from '../../http/cookies.ts'
import type { Limits } from '../../http/limits.ts'
import { sha256 } from '../../lib/secrets.ts'
import type { StaffSignIn } from './sign-in.ts'

export function sendAsset(ctx: Koa.Context, type: 'css' | 'js', text: string): void {
  ctx.set('Cache-Control', 'no-cache')
  ctx.type = type
  ctx.body = text
}

export function sendPage(ctx: Koa.Context, html: string, status = 200): void {
  ctx.set('Cache-Control', 'no-store')
  ctx.status = status
  ctx.type = 'html'
  ctx.body = html
}

/** A part of a page that is fetched again and again: what was seen already is not sent. */
export function sendPart(ctx: Koa.Context, html: string): void {
  const tag = `"${sha256(html).toString('base64url')}"`
  // A browser that asks so says also that it wants no copy of its own: it is compared here.
  if (ctx.get('If-None-Match') === tag) return void (ctx.status = 304)
  ctx.set('ETag', tag)
  sendPage(ctx, html)
}

export type SignedIn = {
  signIn: Pick<StaffSignIn, 'find'>
  cookies: Cookies
  limits: Pick<Limits, 'tryToken'>
  baseUrl: string | null
}

export async function findMember(ctx: Koa.Context, { signIn, cookies, limits }: SignedIn) {
  const token = readCookie(ctx, cookies.session)
  if (token === '') return null
  return limits.tryToken(ctx.ip, token, async () => {
    const member = await signIn.find(token)
    return member && { kind: 'staff', ...member }
  })
}

/** The sign-in begins at the public address: WeCom sends the visitor back there, and a cookie of another name of this host would be missing. */
export const toSignIn = (ctx: Koa.Context, { baseUrl }: Pick<SignedIn, 'baseUrl'>): void =>
  ctx.redirect(`${baseUrl ?? ''}/staff/login?return=${encodeURIComponent(ctx.url)}`)
