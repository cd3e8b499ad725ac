import { Router } from '@koa/router'
import type Koa from 'koa'
import { koaBody } from 'koa-body'
import * as v from 'valibot'
import { AdvisorPath } from '../../../shared/api/advisors.ts'
import { OrderNo, ProjectBody } from '../../../shared/api/projects.ts'
import { HandOverBody, QuestionPath, StaffAnswerBody } from '../../../shared/api/questions.ts'
import { Member } from '../../../shared/api/remedies.ts'
import { HttpError } from '../../../server/http/errors.ts'
import type { Answer } from './sandbox-control.ts'
import type { Playground } from './playground.ts'

const PREFIX = '/playground/api'
const LOOPBACK = /^(?:127\.0\.0\.1|::1|::ffff:127\.0\.0\.1)$/
const LOCAL_HOST = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/

const Look = v.object({
  person: v.optional(v.string()),
  member: v.optional(v.string()),
  since: v.pipe(v.optional(v.string(), '0'), v.transform(Number), v.integer()),
})
const Order = v.object({ orderNo: OrderNo })
const By = v.object({ member: Member })
const Answer = v.object({ ...StaffAnswerBody.entries, ...By.entries })
const Invite = v.object({
  name: v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(12)),
  unionid: v.optional(v.boolean(), false),
})

/**
 * For the pages of the sandbox mode, outside the envelope and the limits of the product's API. The control API has no
 * password, so only this machine may call, and only from our own pages: not a web site that the browser has open.
 */
export function createPlaygroundRoutes(playground: Playground): Router {
  const router = new Router({ prefix: PREFIX })
  const json = koaBody({ text: false, urlencoded: false, multipart: false, jsonLimit: '64kb' })
  router.use(refuseOutsiders)
  router.get('/look', async (ctx) => {
    const { person, member, since } = parse(Look, ctx.query)
    ctx.body = await playground.look({
      since,
      ...(person !== undefined && { person }),
      ...(member !== undefined && { member }),
    })
  })
  router.post('/people', json, async (ctx) => {
    reply(ctx, await playground.invite(parse(Invite, ctx.request.body)))
  })
  router.get(/\/sandbox\/.+/, async (ctx) => {
    reply(ctx, await playground.control('GET', toControlPath(ctx)))
  })
  router.post(/\/sandbox\/.+/, json, async (ctx) => {
    reply(ctx, await playground.control('POST', toControlPath(ctx), ctx.request.body))
  })
  addOffice(router, json, playground)
  return router
}

type Office = Pick<Playground, 'office'>

/** The office at work: its program loads an order, a member answers, an admin invites an advisor or tries what a hand-over would do. */
function addOffice(router: Router, json: Koa.Middleware, { office }: Office): void {
  router.post('/office/orders/:orderNo', json, async (ctx) => {
    const body = parse(ProjectBody, ctx.request.body)
    ctx.body = await office.load(parse(Order, ctx.params).orderNo, body)
  })
  router.post('/office/advisors/:advisorId/invite', json, async (ctx) => {
    reply(ctx, await office.inviteAdvisor(parse(AdvisorPath, ctx.params).advisorId))
  })
  router.post('/office/questions/:id/answer', json, async (ctx) => {
    const { member, ...answer } = parse(Answer, ctx.request.body)
    reply(
      ctx,
      await office.answer({ id: parse(QuestionPath, ctx.params).id, userId: member }, answer),
    )
  })
  router.post('/office/questions/:id/take-back', json, async (ctx) => {
    const { member } = parse(By, ctx.request.body)
    reply(ctx, await office.takeBack({ id: parse(QuestionPath, ctx.params).id, userId: member }))
  })
  router.post('/office/hand-over', json, async (ctx) => {
    reply(ctx, await office.handOver(parse(HandOverBody, ctx.request.body)))
  })
}

const toControlPath = (ctx: Koa.Context): string => ctx.path.slice(`${PREFIX}/sandbox`.length)

async function refuseOutsiders(ctx: Koa.Context, next: Koa.Next): Promise<void> {
  const origin = ctx.get('Origin')
  const isOurs =
    LOOPBACK.test(ctx.req.socket.remoteAddress ?? '') &&
    LOCAL_HOST.test(ctx.host) &&
    (origin === '' || origin === `http://${ctx.host}`)
  if (!isOurs || ctx.get('Sec-Fetch-Site') === 'cross-site')
    throw new HttpError(403, 'playground.local_only', '演示台只能在本机使用')
  ctx.set('Cache-Control', 'no-store')
  await next()
}

function reply(ctx: Koa.Context, { status, body }: Answer): void {
  ctx.status = status
  ctx.body = body
}

function parse<S extends v.GenericSchema>(schema: S, value: unknown): v.InferOutput<S> {
  const parsed = v.safeParse(schema, value)
  if (!parsed.success) throw new HttpError(400, 'request.invalid', '请求格式不正确，请检查后重试')
  return parsed.output
}
