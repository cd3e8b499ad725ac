import type { Stage } from '../world/stage.ts'

/** The two self-built apps of the company; each has its secret and its token. */
export type AppName = 'contact' | 'kf'

export type WecomCall = {
  app: AppName
  query: Record<string, string>
  body: unknown
  raw: Buffer
  contentType: string
}

/** One row of the API: `apps` are those whose token may call it, `answer` gives the fields beside errcode. */
export type WecomEndpoint = {
  method: 'GET' | 'POST'
  path: string
  apps: readonly AppName[]
  answer: (
    stage: Stage,
    call: WecomCall,
  ) => Record<string, unknown> | Promise<Record<string, unknown>>
}

export type WeixinCall = {
  query: Record<string, string>
  body: unknown
  raw: Buffer
  contentType: string
}

export type WeixinEndpoint = {
  method: 'GET' | 'POST'
  path: string
  /** sns/jscode2session really answers text/plain, which trips clients that parse by content type */
  plain?: boolean
  needsToken: boolean
  /** the body is no JSON */
  takesFile?: boolean
  answer: (
    stage: Stage,
    call: WeixinCall,
  ) => Record<string, unknown> | Promise<Record<string, unknown>>
}
