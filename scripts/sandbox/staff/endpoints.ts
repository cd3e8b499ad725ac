import type { WecomEndpoint } from '../apps/endpoint.ts'
import { readAgent } from './agent.ts'
import { readMember } from './members.ts'
import { getUserInfo } from './oauth.ts'
import { agentTicket, corpTicket } from './tickets.ts'

/** Members as the self-built app sees them, and what its H5 pages need. */
export const staffEndpoints: WecomEndpoint[] = [
  {
    method: 'GET',
    path: 'auth/getuserinfo',
    apps: ['contact'],
    answer: (stage, { query }) => getUserInfo(stage, query),
  },
  {
    method: 'GET',
    path: 'user/get',
    apps: ['contact'],
    answer: (stage, { query }) => readMember(stage, query),
  },
  {
    method: 'GET',
    path: 'agent/get',
    apps: ['contact'],
    answer: (stage, { query }) => readAgent(stage, query),
  },
  { method: 'GET', path: 'get_jsapi_ticket', apps: ['contact'], answer: corpTicket },
  {
    method: 'GET',
    path: 'ticket/get',
    apps: ['contact'],
    answer: (stage, { query }) => agentTicket(stage, query),
  },
]
