import Koa from 'koa'
import { koaBody } from 'koa-body'

/** The least that receives such a POST: the parser of the product, and nothing else. */
export function echo(): Koa {
  const app = new Koa()
  app.use(koaBody({ text: true, json: false, urlencoded: false, multipart: false }))
  app.use((ctx) => {
    ctx.body = ctx.request.body as string
  })
  return app
}
