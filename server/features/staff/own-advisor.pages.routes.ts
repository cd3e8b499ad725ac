import type Koa from 'koa'
import type { PlainRoute } from '../../http/route.ts'
import type { OwnAdvisor } from './own-advisor.ts'
import { findMember, sendPage, sendPart, toSignIn, type SignedIn } from './page-answers.routes.ts'
import { renderOwnAdvisor, renderOwnLists } from './page.own-advisor.ts'
import type { Staff } from './staff.ts'

type Deps = SignedIn & {
  staff: Pick<Staff, 'nameOf'>
  ownAdvisor: OwnAdvisor
  clock: () => Date
}
type Failed = Readonly<Record<number, string>>

/** 线索和预约: the page of a member who is an advisor. */
export const createOwnAdvisorPages = (deps: Deps, failed: Failed): readonly PlainRoute[] => [
  {
    path: '/staff/advisor',
    summary: 'Staff: the page of a member who is an advisor, with his bookings and leads',
    type: 'text/html',
    answers: { 200: 'the page', 302: 'to the sign-in, or to the page of every member', ...failed },
    handle: (ctx) => showPage(ctx, deps),
  },
  {
    path: '/staff/advisor/lists',
    summary: 'Staff: the part of that page that is fetched again',
    type: 'text/html',
    answers: {
      200: 'the lists',
      304: 'as they were seen already (If-None-Match)',
      401: 'not signed in',
      403: 'no advisor (any more)',
      ...failed,
    },
    handle: (ctx) => showLists(ctx, deps),
  },
]

async function showPage(ctx: Koa.Context, deps: Deps): Promise<void> {
  const { staff, ownAdvisor, clock } = deps
  const member = await findMember(ctx, deps)
  if (!member) return toSignIn(ctx, deps)
  const own = await ownAdvisor.find(member.userId)
  if (!own) return ctx.redirect('/staff/')
  const [lists, memberName] = await Promise.all([
    ownAdvisor.look(own.advisorId),
    staff.nameOf(member.userId),
  ])
  sendPage(ctx, renderOwnAdvisor({ ...lists, memberName, now: clock() }))
}

async function showLists(ctx: Koa.Context, deps: Deps): Promise<void> {
  const { ownAdvisor, clock } = deps
  const member = await findMember(ctx, deps)
  if (!member) return sendPage(ctx, '', 401)
  const own = await ownAdvisor.find(member.userId)
  if (!own) return sendPage(ctx, '', 403)
  sendPart(ctx, renderOwnLists({ ...(await ownAdvisor.look(own.advisorId)), now: clock() }))
}
