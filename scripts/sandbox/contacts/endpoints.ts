import type { WecomEndpoint } from '../apps/endpoint.ts'
import { batchGetByUser, getContact, listContacts, listFollowUsers } from './read.ts'
import { sendWelcome } from './welcome.ts'
import { remarkContact } from './write.ts'

const apps = ['contact'] as const

export const contactEndpoints: WecomEndpoint[] = [
  {
    method: 'GET',
    path: 'externalcontact/get',
    apps,
    answer: (stage, { query }) => getContact(stage, query),
  },
  {
    method: 'GET',
    path: 'externalcontact/list',
    apps,
    answer: (stage, { query }) => listContacts(stage, query),
  },
  {
    method: 'GET',
    path: 'externalcontact/get_follow_user_list',
    apps,
    answer: (stage) => listFollowUsers(stage),
  },
  {
    method: 'POST',
    path: 'externalcontact/batch/get_by_user',
    apps,
    answer: (stage, { body }) => batchGetByUser(stage, body),
  },
  {
    method: 'POST',
    path: 'externalcontact/remark',
    apps,
    answer: (stage, { body }) => remarkContact(stage, body),
  },
  {
    method: 'POST',
    path: 'externalcontact/send_welcome_msg',
    apps,
    answer: (stage, { body }) => sendWelcome(stage, body),
  },
]
