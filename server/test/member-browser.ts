import { expect } from '@jest/globals'
import type { Town } from './town.ts'

export type MemberBrowser = ReturnType<typeof openBrowser>

/** Sent by the staff pages with whatever they post; another web site cannot. */
const PAGE = { 'X-Staff-Page': '1' }

/** Browsers in the WeCom client, for a town whose PUBLIC_BASE_URL is `home`. */
export function memberBrowsers(town: () => Town, home: string) {
  const createBrowser = (at = town()) => openBrowser(at, home)
  return {
    createBrowser,
    /** One whose member has signed in to the staff pages. */
    signedIn: async (userid = 'zhangsan', at = town()): Promise<MemberBrowser> => {
      const browser = createBrowser(at)
      const back = await browser.visitPlatform(`members/${userid}`)
      expect(await browser.open(back)).toMatchObject({ status: 302, to: '/staff/' })
      return browser
    },
  }
}

/** Keeps cookies, takes the public address for the local one, follows nothing by itself. */
function openBrowser({ address, sandbox }: Town, home: string) {
  const cookies = new Map<string, string>()
  const open = async (url: string, init: RequestInit = {}) => {
    const target = url.startsWith(sandbox.url) ? url : address + url.replace(home, '')
    const isOurs = target.startsWith(address)
    const response = await fetch(target, {
      redirect: 'manual',
      ...init,
      headers: {
        ...(isOurs && {
          cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        }),
        ...(init.headers as Record<string, string>),
      },
    })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (line.includes('Max-Age=0')) cookies.delete(name)
      else cookies.set(name, value)
    }
    const text = await response.text()
    return {
      status: response.status,
      to: response.headers.get('location') ?? '',
      setCookie: response.headers.getSetCookie(),
      text,
      json: () => JSON.parse(text),
      headers: response.headers,
    }
  }
  return {
    cookies,
    open,
    get: (path: string) => open(path),
    /** As the staff pages do it, unless other headers are named. */
    post: (
      path: string,
      { body, headers = PAGE }: { body?: object; headers?: Record<string, string> } = {},
    ) =>
      open(path, {
        method: 'POST',
        headers: { ...headers, ...(body && { 'Content-Type': 'application/json' }) },
        ...(body && { body: JSON.stringify(body) }),
      }),
    /** Up to where the platform sends the visitor back. */
    visitPlatform: async (who: string, path = '/staff/login') => {
      const { to } = await open(path)
      await fetch(`${sandbox.url}/_sandbox/${who}/oauth-next`, { method: 'POST' })
      return (await open(to.replace(/#.*$/, ''))).to
    },
  }
}
