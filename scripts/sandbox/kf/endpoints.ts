import { integer, optional, record } from '../base/check.ts'
import { refusal } from '../base/errcodes.ts'
import type { WecomEndpoint } from '../apps/endpoint.ts'
import type { Stage } from '../world/stage.ts'
import { getAccount, isOpen } from './accounts.ts'
import { batchGetCustomers } from './customers.ts'
import { sendMessage, sendOnEvent } from './send.ts'
import { getServiceState, transServiceState } from './service-state.ts'
import { syncMessages } from './sync.ts'
import { addContactWay } from './ways.ts'

const apps = ['kf'] as const
const readPage = record({
  offset: optional(integer(0, 1_000_000)),
  limit: optional(integer(1, 100)),
})

/** POST kf/account/list (W:94661). */
function listAccounts(stage: Stage, body: unknown): Record<string, unknown> {
  const { offset = 0, limit = 100 } = readPage(body, 'body')
  const accounts = Object.values(stage.world.kfAccounts).slice(offset, offset + limit)
  return {
    account_list: accounts.map(({ openKfId, name }) => ({
      open_kfid: openKfId,
      name,
      avatar: 'https://wwcdn.weixin.qq.com/sandbox/avatar',
      manage_privilege: true,
    })),
  }
}

/** GET kf/servicer/list. */
function listServicers(stage: Stage, query: Record<string, string>): Record<string, unknown> {
  const openKfId = query['open_kfid']
  if (openKfId === undefined || openKfId === '') throw refusal(40058, 'open_kfid missing')
  const account = getAccount(stage.world, openKfId)
  const open = isOpen(stage.world, stage.now())
  return {
    servicer_list: account.servicers.map(({ userid, status }) =>
      status === 0 && open ? { userid, status: 0 } : { userid, status: 1, stop_type: 0 },
    ),
  }
}

export const kfEndpoints: WecomEndpoint[] = [
  {
    method: 'POST',
    path: 'kf/sync_msg',
    apps,
    answer: (stage, { body }) => syncMessages(stage, body),
  },
  {
    method: 'POST',
    path: 'kf/send_msg',
    apps,
    answer: (stage, { body }) => sendMessage(stage, body),
  },
  {
    method: 'POST',
    path: 'kf/send_msg_on_event',
    apps,
    answer: (stage, { body }) => sendOnEvent(stage, body),
  },
  {
    method: 'POST',
    path: 'kf/service_state/get',
    apps,
    answer: (stage, { body }) => getServiceState(stage, body),
  },
  {
    method: 'POST',
    path: 'kf/service_state/trans',
    apps,
    answer: (stage, { body }) => transServiceState(stage, body),
  },
  {
    method: 'POST',
    path: 'kf/account/list',
    apps,
    answer: (stage, { body }) => listAccounts(stage, body),
  },
  {
    method: 'POST',
    path: 'kf/add_contact_way',
    apps,
    answer: (stage, { body }) => addContactWay(stage, body),
  },
  {
    method: 'POST',
    path: 'kf/customer/batchget',
    apps,
    answer: (stage, { body }) => batchGetCustomers(stage, body),
  },
  {
    method: 'GET',
    path: 'kf/servicer/list',
    apps,
    answer: (stage, { query }) => listServicers(stage, query),
  },
]
