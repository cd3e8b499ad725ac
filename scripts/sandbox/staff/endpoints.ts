import type { WecomEndpoint } from '../apps/endpoint.ts'
import { getUserInfo } from './oauth.ts'
import { agentTicket, corpTicket } from './tickets.ts'

/** What the H5 pages of the self-built app need. */
export const staffEndpoints: WecomEndpoint[] = [
  { method: 'GET', path: 'auth/getuserinfo', apps: ['contact'], answer: (stage, { query }) => getUserInfo(stage, query) },
  { method: 'GET', path: 'get_jsapi_ticket', apps: ['contact'], answer: corpTicket },
  { method: 'GET', path: 'ticket/get', apps: ['contact'], answer: (stage, { query }) => agentTicket(stage, query) },
]
