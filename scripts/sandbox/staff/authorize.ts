import Router from '@koa/router'

import { oneOf, text, webAddress } from '../base/check.ts'
import { refusal } from '../base/errcodes.ts'
import { ControlError } from '../base/refusal.ts'
import type { Desk } from '../http/control.ts'
import { sandboxCredentials } from '../base/credentials.ts'
import { singleQuery } from '../http/read-request.ts'
import { canOpenApp, findMember } from '../world/people.ts'
import type { Stage } from '../world/stage.ts'
import { issueOauthCode } from './oauth.ts'
import type { Visitor } from '../world/staff.ts'

/** https://developer.work.weixin.qq.com/document/path/91022: letters and digits, at most 128 */
const readState = text({ min: 0, pattern: /^[A-Za-z0-9]{0,128}$/ })
const readScope = oneOf(['snsapi_base', 'snsapi_privateinfo'] as const)

/**
 * Plays open.weixin.qq.com/connect/oauth2/authorize. In the WeCom client the visitor is known and the answer a redirect;
 * here he is named by `?member=`, `?person=` or the control call, and else chosen on a page.
 */
export function createOpenRouter({ stage }: Desk): Router {
  const router = new Router({ prefix: '/open' })
  router.get('/connect/oauth2/authorize', (ctx) => {
    const query = singleQuery(ctx.search)
    const wanted = readAsked(query)
    const visitor = namedIn(stage, query) ?? takeNext(stage)
    if (visitor === null) {
      ctx.type = 'html'
      ctx.body = choice(stage, `${ctx.path}${ctx.search}`)
      return
    }
    requireOpenable(stage, visitor)
    const target = new URL(wanted.redirectUri)
    stage.world.staff.trustedHost = target.host
    target.searchParams.set('code', issueOauthCode(stage, visitor, wanted.scope))
    target.searchParams.set('state', wanted.state)
    ctx.redirect(target.href)
  })
  return router
}

function readAsked(query: Record<string, string>) {
  if (query['appid'] !== sandboxCredentials.corpId) throw refusal(40013)
  if (query['response_type'] !== 'code') throw refusal(40058, 'response_type must be code')
  const scope = readScope(query['scope'], 'query scope')
  if (
    query['agentid'] === undefined
      ? scope === 'snsapi_privateinfo'
      : query['agentid'] !== sandboxCredentials.agentId
  )
    throw refusal(40056)
  return {
    scope,
    redirectUri: webAddress()(query['redirect_uri'], 'query redirect_uri'),
    state: readState(query['state'] ?? '', 'query state'),
  }
}

function namedIn({ world }: Stage, { member, person }: Record<string, string>): Visitor | null {
  if (member !== undefined && Object.hasOwn(world.members, member))
    return { kind: 'member', userid: member }
  if (person !== undefined && Object.hasOwn(world.people, person))
    return { kind: 'person', personId: person }
  if (member !== undefined || person !== undefined)
    throw new ControlError(404, 'no such member or person')
  return null
}

/** In WeCom such a member never gets as far as our page: his client is signed out, or does not show the app. */
function requireOpenable({ world }: Stage, visitor: Visitor): void {
  if (visitor.kind !== 'member') return
  const member = findMember(world, visitor.userid)
  if (member === undefined || !canOpenApp(member))
    throw new ControlError(403, `${visitor.userid} cannot open the app`)
}

function takeNext({ world }: Stage): Visitor | null {
  const { next } = world.staff
  world.staff.next = null
  return next
}

const escape = (raw: string): string =>
  raw.replace(/[&<>"']/g, (sign) => `&#${String(sign.charCodeAt(0))};`)

function choice({ world }: Stage, here: string): string {
  const link = (name: string, id: string, label: string): string =>
    `<li><a href="${escape(`${here}&${name}=${encodeURIComponent(id)}`)}">${escape(label)}</a></li>`
  const members = Object.values(world.members)
    .filter(canOpenApp)
    .map(({ userid, name }) => link('member', userid, `${name}（${userid}）`))
  const people = Object.values(world.people)
    .slice(-20)
    .map(({ personId, name, phone }) =>
      link('person', personId, `${name} ${phone ?? '没有手机号'}`),
    )
  return `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>沙盒：选择身份</title><style>body{font:16px/1.5 sans-serif;margin:24px auto;max-width:420px;padding:0 16px}a{display:block;padding:12px 0}</style>
<h1>沙盒：谁打开这个页面？</h1><p>真实环境里由企业微信客户端自动识别。</p>
<h2>员工</h2><ul>${members.join('')}</ul>${people.length === 0 ? '' : `<h2>客户</h2><ul>${people.join('')}</ul>`}</html>`
}
