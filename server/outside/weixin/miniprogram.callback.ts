import { createOfficialCallback, type OfficialCallback } from './official.callback.ts'

interface MiniProgramCallbackOptions {
  appId: string
  token: string
  encodingAesKey: string
  /** Pushes of a console in plain mode are taken too, whose signature covers neither body nor sender: for development only. */
  allowPlain: boolean
}

/**
 * The pipe of a mini-program's message push: as that of an official account, in the mode each push names; in XML or in JSON,
 * as the console is set. Pure: no clock, no chance.
 * https://developers.weixin.qq.com/miniprogram/dev/framework/server-ability/message-push.html
 */
export function createMiniProgramCallback({
  appId,
  token,
  encodingAesKey,
  allowPlain,
}: MiniProgramCallbackOptions) {
  const safe = createOfficialCallback({ appId, token, encodingAesKey })
  const plain = createOfficialCallback({ appId, token })

  return { open, echo: safe.echo, seal }

  /** The authentic text of a push and its fields. Throws CallbackError, XmlError. */
  function open(push: Parameters<OfficialCallback['open']>[0]) {
    return (allowPlain && isPlain(push.query) ? plain : safe).open(push)
  }

  /** What WeChat would POST for these fields, in either mode and format. For tests. */
  function seal(
    fields: Parameters<OfficialCallback['seal']>[0],
    { mode, ...options }: Parameters<OfficialCallback['seal']>[1] & { mode: 'plain' | 'safe' },
  ) {
    return (mode === 'plain' ? plain : safe).seal(fields, options)
  }
}
export type MiniProgramCallback = ReturnType<typeof createMiniProgramCallback>

const isPlain = (query: Parameters<OfficialCallback['open']>[0]['query']): boolean =>
  query['msg_signature'] === undefined && query['encrypt_type'] !== 'aes'
