import type { WeixinEndpoint } from '../apps/endpoint.ts'
import { customSend, userInfo } from '../official/api.ts'
import { uploadTemporary } from '../official/media.ts'
import { codeToSession } from './login.ts'
import { phoneNumber } from './phone.ts'
import { sendSubscribeMessage } from './subscribe/send.ts'
import { listTemplates } from './subscribe/templates.ts'
import { plainToken, stableToken } from './tokens.ts'

const addresses = { ip_list: ['127.0.0.1'] }

/** Below /weixin. The IP lists are here because they are the cheapest call that proves a token. */
export const weixinEndpoints: WeixinEndpoint[] = [
  {
    method: 'GET',
    path: 'sns/jscode2session',
    plain: true,
    needsToken: false,
    answer: (stage, { query }) => codeToSession(stage, query),
  },
  {
    method: 'GET',
    path: 'cgi-bin/token',
    needsToken: false,
    answer: (stage, { query }) => plainToken(stage, query),
  },
  {
    method: 'POST',
    path: 'cgi-bin/stable_token',
    needsToken: false,
    answer: (stage, { body }) => stableToken(stage, body),
  },
  {
    method: 'POST',
    path: 'wxa/business/getuserphonenumber',
    needsToken: true,
    answer: (stage, { body }) => phoneNumber(stage, body),
  },
  {
    method: 'POST',
    path: 'cgi-bin/message/subscribe/send',
    needsToken: true,
    answer: sendSubscribeMessage,
  },
  { method: 'GET', path: 'wxaapi/newtmpl/gettemplate', needsToken: true, answer: listTemplates },
  { method: 'GET', path: 'cgi-bin/user/info', needsToken: true, answer: userInfo },
  { method: 'POST', path: 'cgi-bin/message/custom/send', needsToken: true, answer: customSend },
  {
    method: 'POST',
    path: 'cgi-bin/media/upload',
    needsToken: true,
    takesFile: true,
    answer: uploadTemporary,
  },
  { method: 'GET', path: 'cgi-bin/getcallbackip', needsToken: true, answer: () => addresses },
  { method: 'GET', path: 'cgi-bin/get_api_domain_ip', needsToken: true, answer: () => addresses },
]
