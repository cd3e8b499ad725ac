import { Refusal } from './refusal.ts'

/** Wording of the official lists (W:90313 for WeCom, global return codes for WeChat); clients must read the number. */
const wording: Record<number, string> = {
  [-1]: 'system busy',
  40001: 'invalid credential',
  40002: 'invalid grant_type',
  40003: 'invalid userid',
  40004: 'invalid media type',
  40005: 'invalid media type',
  40006: 'invalid media size',
  40007: 'invalid media_id',
  40008: 'invalid message type',
  40013: 'invalid corpid',
  40014: 'invalid access_token',
  40029: 'invalid code',
  40037: 'invalid template_id',
  40056: 'invalid agentid',
  40058: 'invalid request parameter',
  40066: 'invalid url',
  40093: 'invalid signature',
  40096: 'invalid external userid',
  41001: 'access_token missing',
  41002: 'corpid missing',
  41004: 'corpsecret missing',
  41005: 'media data missing',
  41030: 'invalid page',
  41035: 'external userid missing',
  41049: 'welcome code missing',
  41050: 'invalid welcome code or expired',
  41051: 'customer has received the welcome message or is already chatting',
  41064: 'too many attachments',
  41065: 'invalid attachment type',
  42001: 'access_token expired',
  42003: 'code expired',
  42012: 'jsapi_ticket not available',
  42022: 'code already used',
  43101: 'user refuse to accept the msg',
  43102: 'argument invalid! the tmpl is not of this account',
  43103: 'argument invalid! this api may only cancel',
  43104: 'this appid does not have permission',
  43107: 'the tmpl is banned',
  44001: 'empty media data',
  44002: 'empty post data',
  45002: 'content too long',
  45009: 'api freq out of limit',
  45033: 'api concurrent out of limit',
  45065: 'msgid exist',
  47001: 'data format error',
  47003: 'argument invalid!',
  48002: 'api forbidden',
  48007: 'kf account not authorized to the app',
  50001: 'domain not trusted',
  60020: 'not allow to access from your ip',
  60011: 'no privilege to access/modify contact/party/agent',
  60111: 'userid not found',
  81013: 'user & party & tag all invalid',
  84061: 'not external contact',
  95000: 'invalid open_kfid',
  95001: 'message count limit',
  95002: 'time limit for sending message',
  95004: 'open_kfid not exist',
  95007: 'invalid msgtoken',
  95008: 'too many menu items',
  95009: 'invalid menu item type',
  95014: 'user is not a servicer',
  95016: 'service state transition not allowed',
  95018: 'send msg session status invalid',
  95019: 'servicer is not serving',
}

/** `because` sharpens the wording; it never changes the number. */
export function refusal(
  errcode: number,
  because?: string,
  extra?: Record<string, unknown>,
): Refusal {
  const text = wording[errcode] ?? 'error'
  return new Refusal(errcode, because === undefined ? text : `${text}: ${because}`, extra)
}

/** Whether a number has a meaning in the official lists, as far as the sandbox knows them. */
export const isWorded = (errcode: number): boolean => Object.hasOwn(wording, errcode)

export const errorText = (errcode: number): string => wording[errcode] ?? 'error'
