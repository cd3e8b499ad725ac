import { createAccess } from '../features/access/access.ts'
import { accountsRoom } from '../features/accounts/accounts.room.ts'
import { createAccounts } from '../features/accounts/accounts.ts'
import { createSessions } from '../features/accounts/sessions.ts'
import { createAudit } from '../features/audit/audit.ts'
import { bindingRoom, claimsRoom } from '../features/binding/binding.room.ts'
import { createBinding } from '../features/binding/binding.ts'
import { createClaims } from '../features/binding/claims.ts'
import { callbacksRoom } from '../features/callbacks/callbacks.room.ts'
import { createCallbacks } from '../features/callbacks/callbacks.ts'
import { contactsRoom } from '../features/contacts/contacts.room.ts'
import { createContacts } from '../features/contacts/contacts.ts'
import { customersRoom } from '../features/customers/customers.room.ts'
import { createCustomers } from '../features/customers/customers.ts'
import { createCustomerRecords } from '../features/customers/records.ts'
import { createEvidence } from '../features/evidence/evidence.ts'
import { createKfChat } from '../features/kf/kf-chat.ts'
import { createKfLink } from '../features/kf/kf-link.ts'
import { createKfServed } from '../features/kf/kf-served.ts'
import { kfRoom } from '../features/kf/kf.room.ts'
import { createKf } from '../features/kf/kf.ts'
import { membersRoom } from '../features/members/members.room.ts'
import { createMembers } from '../features/members/members.ts'
import { officialRoom } from '../features/official-account/official-account.room.ts'
import { createOfficialAccount } from '../features/official-account/official-account.ts'
import { createOwnership } from '../features/ownership/ownership.ts'
import { projectsRoom } from '../features/projects/projects.room.ts'
import { createProjects } from '../features/projects/projects.ts'
import { createOrderClaims } from '../features/questions/order-claims.ts'
import { questionsRoom } from '../features/questions/questions.room.ts'
import { createQuestions } from '../features/questions/questions.ts'
import { remediesRoom } from '../features/remedies/remedies.room.ts'
import { createRemedies } from '../features/remedies/remedies.ts'
import { createTies } from '../features/ties/ties.ts'
import type { Room } from '../features/room.ts'
import { settingsRoom } from '../features/settings/settings.room.ts'
import { createSettings } from '../features/settings/settings.ts'
import { staffRoom } from '../features/staff/staff.room.ts'
import { welcomeRoom } from '../features/welcome/welcome.room.ts'
import { createWelcome } from '../features/welcome/welcome.ts'
import { readAsset } from '../lib/assets.ts'
import type { Config } from '../lib/config.ts'
import { readEvent } from '../outside/wecom/wecom.event.ts'
import { createStaffDesk } from './staff-desk.ts'
import type { Platforms, Tools } from './tools.ts'

export type Rooms = ReturnType<typeof createRooms>

/** Builds every room and tells each who its neighbours are; each takes of what it is given what its type names. */
export function createRooms(config: Config, tools: Tools, platforms: Platforms) {
  const { wecom, weixin, official } = platforms
  const { corpId, openKfId, serviceHours } = config.wecom
  const given = { ...tools, corpId, openKfId, serviceHours, miniAppId: config.weixin.appId }
  const access = createAccess({ ...given, adminKey: config.adminKey })
  const sessions = createSessions({ ...given, lifeHours: config.sessionHours })
  const audit = createAudit()
  const settings = createSettings({ ...given, audit })
  const ownership = createOwnership({ settings })
  const evidence = createEvidence(given)
  const records = createCustomerRecords()
  const { trustPhoneClaim } = config.policy
  const ties = createTies({ ...given, sessions, evidence, records, trustPhoneClaim })
  const customers = createCustomers({ ...given, sessions, ownership, settings, evidence, ties })
  const contacts = createContacts({ ...given, platforms: wecom, customers })
  const members = createMembers({ ...given, wecom })
  const kfLink = createKfLink({ wecom: wecom.kf, openKfId })
  const isServedByPeople = createKfServed(given)
  const chat = createKfChat(given)
  const binding = createBinding({ ...given, chat, customers, contacts, kfLink, isServedByPeople })
  const accounts = createAccounts({
    ...given,
    login: weixin.login,
    sessions,
    customers,
    binding,
    kfLink,
  })
  const { phoneButton } = config.policy
  const claims = createClaims({ ...given, customers, accounts, phone: weixin.phone, phoneButton })
  const projects = createProjects({ ...given, evidence, customers, ownership, settings, audit })
  const remedies = createRemedies({ ...given, evidence, ties, customers, contacts, binding, audit })
  const questions = createQuestions({ ...given, customers, ownership, audit })
  const orderClaims = createOrderClaims({ ...given, customers, ownership, audit })
  const { kf: chats, messages, contacts: greeting, media } = wecom
  const kf = createKf({ ...given, wecom: chats, messages, binding, customers, projects })
  const readPicture = () => readAsset('welcome-card.png')
  const welcome = createWelcome({
    ...given,
    contacts: greeting,
    media,
    binding,
    customers,
    readPicture,
  })
  const callbacks = createCallbacks({ ...given, read: readEvent })
  const replyLimit = config.policy.officialReplyLimit
  const neighbours = { callbacks, accounts, claims, customers, projects }
  const officialAccount =
    official && createOfficialAccount({ ...given, ...neighbours, official, replyLimit })
  const staffDesk = createStaffDesk(
    config,
    { ...given, wecom },
    { audit, contacts, customers, members, questions },
  )
  return {
    access,
    accounts,
    binding,
    callbacks,
    claims,
    contacts,
    customers,
    kf,
    members,
    officialAccount,
    orderClaims,
    projects,
    questions,
    remedies,
    sessions,
    settings,
    staffDesk,
    welcome,
  }
}

/** What each room hands over, in the order in which they hear of things. */
export const toHandedOver = (rooms: Rooms): Room[] => [
  welcomeRoom(rooms.welcome),
  claimsRoom(rooms.claims),
  bindingRoom(rooms.binding),
  kfRoom(rooms.kf),
  contactsRoom(rooms.contacts),
  membersRoom(rooms.members),
  accountsRoom(rooms.accounts, rooms.sessions),
  callbacksRoom(rooms.callbacks),
  customersRoom(rooms.customers),
  projectsRoom(rooms.projects),
  questionsRoom(rooms.questions, rooms.orderClaims),
  staffRoom(rooms.staffDesk),
  remediesRoom(rooms.remedies),
  settingsRoom(rooms.settings),
  ...(rooms.officialAccount ? [officialRoom(rooms.officialAccount)] : []),
]
