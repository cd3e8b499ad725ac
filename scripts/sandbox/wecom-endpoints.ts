import { contactEndpoints } from './contacts/endpoints.ts'
import { kfEndpoints } from './kf/endpoints.ts'
import { sendAppMessage } from './apps/app-messages.ts'
import { staffEndpoints } from './staff/endpoints.ts'
import type { WecomEndpoint } from './apps/endpoint.ts'
import { uploadMedia } from './apps/media.ts'

const both = ['contact', 'kf'] as const
const addresses = { ip_list: ['127.0.0.1'] }

/** Everything below /wecom/cgi-bin except gettoken, which needs no token. */
export const wecomEndpoints: WecomEndpoint[] = [
  ...kfEndpoints,
  ...contactEndpoints,
  ...staffEndpoints,
  { method: 'POST', path: 'media/upload', apps: both, answer: uploadMedia },
  {
    method: 'POST',
    path: 'message/send',
    apps: ['contact'],
    answer: (stage, { body }) => sendAppMessage(stage, body),
  },
  { method: 'GET', path: 'getcallbackip', apps: both, answer: () => addresses },
  { method: 'GET', path: 'get_api_domain_ip', apps: both, answer: () => addresses },
]
