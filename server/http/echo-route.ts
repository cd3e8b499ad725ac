import type { PlatformRoute } from './route.ts'

type Query = Parameters<PlatformRoute['handle']>[0]['query']
type Echo = {
  path: string
  summary: string
  /** What signs it, in the platform's words. */
  signed: readonly string[]
  /** The echostr of a query that verifies. Throws HttpError. */
  open: (query: Query) => Promise<string>
}

/** A platform checks an address of ours: it answers with the echostr, and with nothing else. */
export const createEchoRoute = ({ path, summary, signed, open }: Echo): PlatformRoute => ({
  method: 'get',
  path,
  summary,
  query: [...signed, 'echostr'],
  answers: ['text/plain'],
  handle: async (ctx) => {
    const body = await open(ctx.query)
    Object.assign(ctx, { status: 200, type: 'text/plain', body })
  },
})
