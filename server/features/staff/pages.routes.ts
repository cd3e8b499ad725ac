import { createRequire } from 'node:module'
import { readFile } from 'node:fs/promises'
import { Router } from '@koa/router'
import type Koa from 'koa'
import { readCookie } from '../../http/cookies.ts'
import { toHttpError } from '../../http/errors.ts'
import type { Limits } from '../../http/limits.ts'
import type { PlainRoute } from '../../http/route.ts'
import type { Log } from '../../lib/log.ts'
import type { Questions } from '../questions/questions.ts'
import { OWN_ADVISOR_SCRIPT } from './own-advisor.assets.ts'
import { createOwnAdvisorPages } from './own-advisor.pages.routes.ts'
import type { OwnAdvisor } from './own-advisor.ts'
import {
  findMember,
  sendAsset,
  sendPage,
  sendPart,
  toSignIn,
  type SignedIn,
} from './page-answers.routes.ts'
import { SCRIPT } from './page.assets.ts'
import { renderHome, renderLists, renderMessage } from './page.ts'
import { readRow, toRowPath } from './staff.rules.ts'
import { STYLE } from './style.assets.ts'
import type { Lists } from './lists.ts'
import type { Entered, StaffSignIn } from './sign-in.ts'
import type { Staff } from './staff.ts'

type Deps = SignedIn & {
  staff: Pick<Staff, 'nameOf'>
  lists: Lists
  ownAdvisor: OwnAdvisor
  questions: Pick<Questions, 'listFor'>
  signIn: StaffSignIn
  limits: Pick<Limits, 'count' | 'tryToken'>
  corpId: string
  agentId: number
  timeZone: string
  clock: () => Date
  log: Log
}

const REFUSED: Record<
  Extract<Entered, { kind: 'refused' }>['reason'],
  { status: number; title: string; text: string }
> = {
  forged: {
    status: 400,
    title: '登录没有完成',
    text: '登录已过期，或不是从本页面发起的。请重新登录。',
  },
  code_invalid: {
    status: 400,
    title: '登录没有完成',
    text: '企业微信的登录凭证已失效，请重新登录。',
  },
  not_staff: {
    status: 403,
    title: '仅限本公司员工',
    text: '这个页面只给本公司员工使用。查询项目进度请打开「进度通」小程序。',
  },
}

/** The H5 pages of the members, for the WeCom client: everything they load comes from here. */
export function createStaffPages(deps: Deps): { router: Router; pages: readonly PlainRoute[] } {
  const router = new Router({ strict: true }) // or /staff would be /staff/ as well, and lead to itself
  const sdk = findSdk()
  const pages = [...createPages(deps, sdk !== null), ...createOwnAdvisorPages(deps, FAILED)]
  router.use(answerWithPage(deps.log))
  router.get('/staff', (ctx) => {
    ctx.redirect('/staff/')
  })
  for (const { path, handle } of pages) router.get(path, handle)
  router.get('/staff/staff.css', (ctx) => {
    sendAsset(ctx, 'css', STYLE)
  })
  router.get('/staff/staff.js', (ctx) => {
    sendAsset(ctx, 'js', SCRIPT)
  })
  router.get('/staff/advisor.js', (ctx) => {
    sendAsset(ctx, 'js', OWN_ADVISOR_SCRIPT)
  })
  router.get('/staff/wecom-jssdk.js', async (ctx) => {
    if (sdk !== null) sendAsset(ctx, 'js', await readFile(sdk, 'utf8'))
  })
  router.get(/^\/staff\/.+/, (ctx) =>
    sendPage(
      ctx,
      renderMessage({ title: '没有这个页面', text: '请检查地址，或回到首页。', then: 'home' }),
      404,
    ),
  )
  return { router, pages }
}

const FAILED = {
  429: 'too many requests',
  500: 'failed',
  503: 'the service or the platform does not answer now',
}

const createPages = (deps: Deps, hasSdk: boolean): readonly PlainRoute[] => [
  {
    path: '/staff/',
    summary: 'Staff: the page with who waits to be added',
    type: 'text/html',
    answers: { 200: 'the page', 302: 'to the sign-in', ...FAILED },
    handle: (ctx) => showHome(ctx, deps, hasSdk),
  },
  {
    path: '/staff/lists',
    summary: 'Staff: the part of that page that is fetched again',
    type: 'text/html',
    answers: {
      200: 'the lists',
      304: 'as they were seen already (If-None-Match)',
      401: 'not signed in',
      ...FAILED,
    },
    handle: (ctx) => showLists(ctx, deps),
  },
  {
    path: '/staff/signed-out',
    summary: 'Staff: what is shown after signing out',
    type: 'text/html',
    answers: { 200: 'the page', ...FAILED },
    handle: (ctx) => sendPage(ctx, renderMessage(SIGNED_OUT)),
  },
  {
    path: '/staff/login',
    summary: 'Staff: to the sign-in of WeCom',
    type: 'text/html',
    answers: { 302: 'to WeCom', ...FAILED },
    handle: (ctx) => begin(ctx, deps),
  },
  {
    path: '/api/staff/callback',
    summary: 'Staff: back from WeCom, with its code',
    type: 'text/html',
    answers: {
      302: 'signed in',
      400: 'not begun in this browser, or over',
      403: 'not of this company',
      ...FAILED,
    },
    handle: (ctx) => finish(ctx, deps),
  },
]

const SIGNED_OUT = {
  title: '已退出',
  text: '您已退出登录，可以关闭这个页面。要继续处理客户，请重新登录。',
  then: 'sign_in',
} as const

/** Who opens a page is a person: a failure is a page as well. */
const answerWithPage =
  (log: Log): Koa.Middleware =>
  async (ctx, next) => {
    try {
      await next()
    } catch (error) {
      const { status, code, message } = toHttpError(error)
      const line = { status, reason: code, requestId: String(ctx.state['requestId']) }
      if (status === 429) log.debug(line, 'a request was refused')
      else log.warn({ ...line, err: error }, 'a page for staff could not be shown')
      sendPage(ctx, renderMessage({ title: '暂时打不开', text: message, then: 'sign_in' }), status)
    }
  }

/** The JS-SDK as it lies in node_modules; null while it is not installed: the page then says what to do by hand. */
function findSdk(): string | null {
  try {
    return createRequire(import.meta.url).resolve('@wecom/jssdk/dist/wecom.global.prod.js')
  } catch {
    return null
  }
}

async function showHome(ctx: Koa.Context, deps: Deps, hasSdk: boolean): Promise<void> {
  const { staff, ownAdvisor, corpId, agentId } = deps
  const member = await findMember(ctx, deps)
  if (!member) return toSignIn(ctx, deps)
  const row = readRow(ctx.query['row'])
  const rowNow = row && (await deps.lists.findRow(row))
  if (rowNow !== row) return ctx.redirect(toRowPath([rowNow!], 'waiting'))
  const [lists, memberName, own] = await Promise.all([
    readLists(deps, member.userId),
    staff.nameOf(member.userId),
    ownAdvisor.find(member.userId),
  ])
  const visitor = { memberName, isAdvisor: own !== undefined }
  sendPage(ctx, renderHome({ ...lists, visitor, corpId, agentId, hasSdk, row }))
}

async function showLists(ctx: Koa.Context, deps: Deps): Promise<void> {
  const member = await findMember(ctx, deps)
  if (!member) return sendPage(ctx, '', 401)
  sendPart(ctx, renderLists(await readLists(deps, member.userId)))
}

async function readLists({ lists, questions, timeZone, clock }: Deps, userId: string) {
  const [waiting, unstated, otherwise, missing, asked] = await Promise.all([
    lists.listWaiting(userId),
    lists.listUnstated(userId),
    lists.listOtherwise(userId),
    lists.listPhonesMissing(userId),
    questions.listFor(userId),
  ])
  return {
    waiting,
    unstated,
    otherwise,
    missing,
    questions: asked,
    userId,
    timeZone,
    now: clock(),
  }
}

function begin(ctx: Koa.Context, { signIn, cookies }: Deps): void {
  const { return: asked } = ctx.query
  const begun = signIn.begin(typeof asked === 'string' ? asked : undefined)
  if (!begun)
    return sendPage(
      ctx,
      renderMessage({
        title: '还不能登录',
        text: '请管理员先设置 PUBLIC_BASE_URL（本系统的公网地址）。',
      }),
      503,
    )
  cookies.set(ctx, cookies.attempt, { value: begun.attempt, maxAgeSeconds: begun.keptSeconds })
  ctx.set('Cache-Control', 'no-store')
  ctx.redirect(begun.location)
}

async function finish(ctx: Koa.Context, { signIn, cookies, limits, clock }: Deps): Promise<void> {
  limits.count(undefined, ctx.ip)
  const { code, state } = ctx.query
  const attempt = readCookie(ctx, cookies.attempt)
  cookies.clear(ctx, cookies.attempt)
  const entered = await signIn.finish({
    code: typeof code === 'string' ? code : '',
    state: typeof state === 'string' ? state : '',
    attempt,
  })
  if (entered.kind === 'refused') {
    const { status, title, text } = REFUSED[entered.reason]
    return sendPage(
      ctx,
      renderMessage({ title, text, ...(entered.reason !== 'not_staff' && { then: 'sign_in' }) }),
      status,
    )
  }
  cookies.set(ctx, cookies.session, {
    value: entered.sessionToken,
    maxAgeSeconds: Math.floor((entered.expiresAt.getTime() - clock().getTime()) / 1000),
  })
  ctx.set('Cache-Control', 'no-store')
  ctx.redirect(entered.returnPath)
}
