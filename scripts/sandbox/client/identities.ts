import { type Device, knowsAgentConfig, needsConfigFirst } from './apis.ts'

type Params = Record<string, unknown>
/** `document` is one load of a page, `url` where the client itself sees it. */
export type Call = { document: string; url: string; name: string; params: Params }
/** As the bridge answers; the SDK makes errMsg and errCode of it. */
export type Answer = { err_msg: string; err_code?: number; err_desc?: string }
/** Names of the calls that each identity may make in one document; absent: not configured. */
type Grants = { config?: ReadonlySet<string>; agentConfig?: ReadonlySet<string> }

/**
 * In whose name the pages of a client speak: the company's (wx.config) or one app's (wx.agentConfig). Whether a
 * signature is right only the sandbox knows; it hears the address that the client shows, not one that a page claims.
 */
export function createIdentities({ sandboxUrl, device }: { sandboxUrl: string; device: Device }) {
  const grants = new Map<string, Grants>()

  async function config({ document, url, name, params }: Call): Promise<Answer> {
    const {
      verifyAppId: corpId,
      verifyTimestamp: timestamp,
      verifyNonceStr: nonceStr,
      verifySignature: signature,
    } = params
    const refused = await verify({ kind: 'config', corpId, timestamp, nonceStr, signature, url })
    if (refused) return { err_msg: `${name}:fail`, ...refused }
    grants.set(document, { ...grants.get(document), config: namesIn(params['verifyJsApiList']) })
    return { err_msg: `${name}:ok` }
  }

  async function agentConfig({ document, url, name, params }: Call): Promise<Answer> {
    if (!knowsAgentConfig(device)) return { err_msg: `${name}:function not exist` }
    const known = grants.get(document)
    if (needsConfigFirst(device) && known?.config === undefined)
      return { err_msg: `${name}:fail`, err_desc: 'config first' }
    const { corpid: corpId, agentid: agentId, timestamp, nonceStr, signature, jsApiList } = params
    const refused = await verify({
      kind: 'agentConfig',
      corpId,
      agentId,
      timestamp,
      nonceStr,
      signature,
      url,
    })
    if (refused) return { err_msg: `${name}:fail`, ...refused }
    grants.set(document, { ...known, agentConfig: namesIn(jsApiList) })
    return { err_msg: `${name}:ok` }
  }

  async function verify(signed: Params): Promise<Omit<Answer, 'err_msg'> | null> {
    const response = await fetch(`${sandboxUrl}/_sandbox/client/verify`, {
      method: 'POST',
      body: JSON.stringify(signed),
    })
    const { errcode, errmsg, error } = (await response.json()) as {
      errcode?: number
      errmsg?: string
      error?: string
    }
    if (errcode === 0) return null
    return errcode === undefined
      ? { err_desc: error ?? 'no answer' }
      : { err_code: errcode, err_desc: errmsg ?? '' }
  }

  /** Whether the app itself asked for this call in this document. */
  const isGranted = (document: string, name: string): boolean =>
    grants.get(document)?.agentConfig?.has(name) === true

  return { config, agentConfig, isGranted }
}

const namesIn = (list: unknown): ReadonlySet<string> =>
  new Set(Array.isArray(list) ? list.map(String) : [])
