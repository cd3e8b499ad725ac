import { createHash } from 'node:crypto'

import { oneOf, optional, record, text, webAddress } from '../base/check.ts'
import { errorText } from '../base/errcodes.ts'
import { sandboxCredentials } from '../base/credentials.ts'
import type { Stage } from '../world/stage.ts'

export const readSigned = record({
  kind: oneOf(['config', 'agentConfig'] as const),
  corpId: text(),
  agentId: optional(text()),
  timestamp: text({ pattern: /^\d+$/ }),
  nonceStr: text(),
  signature: text(),
  url: webAddress(),
})
type Signed = ReturnType<typeof readSigned>

/** What the platform tells the client of a page that called wx.config (W:90506) or wx.agentConfig (W:94313). */
export function verify(stage: Stage, signed: Signed): { errcode: number; errmsg: string } {
  const errcode = judge(stage, signed)
  return { errcode, errmsg: errcode === 0 ? 'ok' : errorText(errcode) }
}

function judge(stage: Stage, signed: Signed): number {
  if (signed.corpId !== sandboxCredentials.corpId) return 40013
  if (signed.kind === 'agentConfig' && signed.agentId !== sandboxCredentials.agentId) return 40056
  // host and port must be the very ones; the scheme does not matter
  if (new URL(signed.url).host !== stage.world.staff.trustedHost) return 50001
  return judgeSignature(stage, signed)
}

/** A ticket that ended, or is for the other call, made a signature that can be understood: 42012 and not 40093. */
function judgeSignature(stage: Stage, signed: Signed): number {
  const { corp, agent } = stage.world.staff.tickets
  const signer = [corp, agent].find(
    (known) => known !== undefined && sign(known.ticket, signed) === signed.signature,
  )
  if (signer === undefined) return 40093
  const wanted = signed.kind === 'config' ? corp : agent
  return signer === wanted && stage.now() < signer.expiresAt ? 0 : 42012
}

function sign(ticket: string, { nonceStr, timestamp, url }: Signed): string {
  const [page] = url.split('#', 1)
  return createHash('sha1')
    .update(`jsapi_ticket=${ticket}&noncestr=${nonceStr}&timestamp=${timestamp}&url=${page ?? ''}`)
    .digest('hex')
}
