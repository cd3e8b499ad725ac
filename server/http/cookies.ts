import type Koa from 'koa'

/** Over https the prefix of createCookies stands before it. */
export const STAFF_COOKIE = 'jdt_staff'

/**
 * Cookies of the staff pages: out of reach of scripts, not sent along by other sites' posts. Over https they are Secure and
 * carry the `__Host-` prefix, so that no neighbour below the same domain can plant one.
 */
export function createCookies(baseUrl: string | null) {
  const isSecure = baseUrl?.startsWith('https:') === true
  const prefix = isSecure ? '__Host-' : ''
  const set = (
    ctx: Koa.Context,
    name: string,
    { value, maxAgeSeconds }: { value: string; maxAgeSeconds: number },
  ): void =>
    ctx.append(
      'Set-Cookie',
      `${name}=${value}; Path=/; Max-Age=${String(maxAgeSeconds)}; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`,
    )
  return {
    session: `${prefix}${STAFF_COOKIE}`,
    /** What the browser keeps while the visitor is at the platform. */
    attempt: `${prefix}${STAFF_COOKIE}_sign_in`,
    set,
    clear: (ctx: Koa.Context, name: string): void =>
      set(ctx, name, { value: '', maxAgeSeconds: 0 }),
  }
}
export type Cookies = ReturnType<typeof createCookies>

export const readCookie = (ctx: Koa.Context, name: string): string =>
  ctx.cookies.get(name)?.slice(0, 4096) ?? ''
