import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { randomUUID } from 'node:crypto'
import { json } from 'node:stream/consumers'
import { sandboxCredentials as company } from '../sandbox/base/credentials.ts'

/** What a contact says; `from` is its external_userid. */
export type Said = { from: string; text: string }
export type Platform = Awaited<ReturnType<typeof openPlatform>>

type Body = { cursor?: string; limit?: number; external_userid_list?: string[] }
const OK = { errcode: 0, errmsg: 'ok' }
const NO_SUCH_CONTACT = { errcode: 84061, errmsg: 'not external contact' }

/**
 * As much of WeChat and WeCom as a chat needs. The sandbox keeps a world and a journal of every call and would be the
 * slower side; this answers from an array. In the bench's own process, so both wait for the same instant.
 */
export async function openPlatform() {
  const log: object[] = []
  let world = randomUUID()
  const server = createServer((request, response) => {
    void answer(request).then((body) => {
      response.setHeader('Content-Type', 'application/json')
      response.end(JSON.stringify(body))
    })
  })
  const port = await listen(server)

  const answer = async (request: IncomingMessage): Promise<object> => {
    const path = new URL(request.url ?? '/', 'http://platform').pathname
    const body = request.method === 'POST' ? ((await json(request)) as Body) : {}
    return { ...OK, ...answerTo(path, body) }
  }

  const answerTo = (path: string, body: Body): object => {
    switch (path.replace(/^\/(wecom|weixin)/, '')) {
      case '/cgi-bin/gettoken':
        return { access_token: 'bench', expires_in: 7_200 }
      case '/cgi-bin/kf/sync_msg':
        return page(body)
      case '/cgi-bin/kf/customer/batchget':
        return { customer_list: (body.external_userid_list ?? []).map(toCustomer) }
      case '/cgi-bin/kf/service_state/get':
        return { service_state: 0 }
      case '/cgi-bin/kf/send_msg':
      case '/cgi-bin/kf/send_msg_on_event':
        return { msgid: randomUUID() }
      case '/cgi-bin/kf/add_contact_way':
        return { url: 'https://work.weixin.qq.com/kfid/bench' }
      case '/cgi-bin/externalcontact/get':
        return NO_SUCH_CONTACT
      default:
        return {}
    }
  }

  /** A cursor of an earlier platform begins at the beginning. */
  const page = ({ cursor = '', limit = 1_000 }: Body): object => {
    const [of, at] = cursor.split(':')
    const start = of === world ? Number(at) : 0
    const end = Math.min(log.length, start + limit)
    return {
      next_cursor: `${world}:${end}`,
      has_more: end < log.length ? 1 : 0,
      msg_list: log.slice(start, end),
    }
  }

  return {
    url: `http://127.0.0.1:${port}`,
    /** Lays messages into the chat; nobody is rung. */
    say: (messages: readonly Said[]): void => void log.push(...messages.map(toItem)),
    /** Another database knows nothing of what was said before. */
    forget: (): void => {
      log.length = 0
      world = randomUUID()
    },
    close: (): void => {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** Each WeChat user has one unionid for all apps: an account of the bench is given the same. */
export const unionIdOf = (externalUserId: string): string => `union-${externalUserId}`

const toCustomer = (externalUserId: string): object => ({
  external_userid: externalUserId,
  nickname: '客户',
  unionid: unionIdOf(externalUserId),
})

const toItem = ({ from, text }: Said): object => ({
  msgid: randomUUID(),
  open_kfid: company.openKfId,
  external_userid: from,
  send_time: Math.floor(Date.now() / 1_000),
  origin: 3,
  msgtype: 'text',
  text: { content: text },
})

function listen(server: Server): Promise<number> {
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
  )
}
