import { accessRoom } from '../features/access/access.room.ts'
import { createAccess } from '../features/access/access.ts'
import { accountsRoom } from '../features/accounts/accounts.room.ts'
import { createAccounts } from '../features/accounts/accounts.ts'
import { advisorsRoom } from '../features/advisors/advisors.room.ts'
import { createAdvisors } from '../features/advisors/advisors.ts'
import { createAdvisorDesk } from '../features/advisors/desk.ts'
import { auditRoom } from '../features/audit/audit.room.ts'
import { createOperations } from '../features/audit/operations.ts'
import { bindCodesRoom } from '../features/bind-codes/bind-codes.room.ts'
import { createBindCodes, type BindCodes } from '../features/bind-codes/bind-codes.ts'
import { bindingRoom } from '../features/binding/binding.room.ts'
import { createBinding } from '../features/binding/binding.ts'
import { bookingsRoom } from '../features/bookings/bookings.room.ts'
import { createBookings } from '../features/bookings/bookings.ts'
import { callbacksRoom } from '../features/callbacks/callbacks.room.ts'
import { createCallbacks } from '../features/callbacks/callbacks.ts'
import { contactsRoom } from '../features/contacts/contacts.room.ts'
import { createContacts } from '../features/contacts/contacts.ts'
import { customersRoom } from '../features/customers/customers.room.ts'
import { createKfChat } from '../features/kf/kf-chat.ts'
import { createKfLink, createKfName, createKfSupport } from '../features/kf/kf-link.ts'
import { createKfServed } from '../features/kf/kf-served.ts'
import { directoryRoom } from '../features/directory/directory.room.ts'
import { createDirectory } from '../features/directory/directory.ts'
import { importsRoom } from '../features/imports/imports.room.ts'
import { createImports } from '../features/imports/imports.ts'
import { kfRoom } from '../features/kf/kf.room.ts'
import { createKf } from '../features/kf/kf.ts'
import { leadsRoom } from '../features/leads/leads.room.ts'
import { createLeads } from '../features/leads/leads.ts'
import { mediaRoom } from '../features/media/media.room.ts'
import { createMedia } from '../features/media/media.ts'
import { membersRoom } from '../features/members/members.room.ts'
import { createMembers } from '../features/members/members.ts'
import { monitorRoom } from '../features/monitor/monitor.room.ts'
import { createMonitor } from '../features/monitor/monitor.ts'
import { noticesRoom } from '../features/notices/notices.room.ts'
import { createNotices } from '../features/notices/notices.ts'
import { PUSH_SOURCE } from '../features/notices/push.routes.ts'
import { officialRoom } from '../features/official-account/official-account.room.ts'
import { createOfficialAccount } from '../features/official-account/official-account.ts'
import { phoneClaimsRoom } from '../features/phone-claims/phone-claims.room.ts'
import { createPhoneClaims } from '../features/phone-claims/phone-claims.ts'
import { createMembersOrders } from '../features/projects/members.ts'
import { createOrders } from '../features/projects/orders.ts'
import { projectsRoom } from '../features/projects/projects.room.ts'
import { createProjects } from '../features/projects/projects.ts'
import { createOrderClaims } from '../features/questions/order-claims.ts'
import { questionsRoom } from '../features/questions/questions.room.ts'
import { createQuestions } from '../features/questions/questions.ts'
import { createReasons } from '../features/reasons/reasons.ts'
import { remediesRoom } from '../features/remedies/remedies.room.ts'
import { createRemedies } from '../features/remedies/remedies.ts'
import { rightsRoom } from '../features/rights/rights.room.ts'
import { createRights } from '../features/rights/rights.ts'
import type { Room } from '../features/room.ts'
import { sessionsRoom } from '../features/sessions/sessions.room.ts'
import { settingsRoom } from '../features/settings/settings.room.ts'
import { staffRoom } from '../features/staff/staff.room.ts'
import { tiesRoom } from '../features/ties/ties.room.ts'
import { welcomeRoom } from '../features/welcome/welcome.room.ts'
import { createWelcome } from '../features/welcome/welcome.ts'
import { readAsset } from '../lib/assets.ts'
import { createPictures } from '../lib/pictures.ts'
import type { Config } from '../config.ts'
import { readEvent } from '../outside/wecom/wecom.event.ts'
import { readMiniProgramPush } from '../outside/weixin/miniprogram.push.ts'
import { createStaffDesk } from './staff-desk.ts'
import type { Clients, Tools } from './tools.ts'
import { createWhoIsWho } from './who-is-who.ts'

export type Rooms = ReturnType<typeof createRooms>
type Given = ReturnType<typeof toGiven>

/** What the rooms may be given; each takes of it what its type names. */
function toGiven(config: Config, tools: Tools, { wecom, weixin, objects }: Clients) {
  const { corpId, openKfId, serviceHours } = config.wecom
  const kfLink = createKfLink({ platforms: wecom, openKfId })
  const kfName = createKfName({ platforms: wecom, openKfId, log: tools.log })
  const platforms = { ...wecom, ...weixin, kfLink, kfName }
  const support = createKfSupport({ kfLink, corpId, log: tools.log })
  const miniAppId = config.weixin.appId
  return {
    ...tools,
    ...config.policy,
    platforms,
    objects,
    corpId,
    openKfId,
    serviceHours,
    support,
    miniAppId,
  }
}

const readPlatformEvent = ({ source, payload }: { source: string; payload: string }) =>
  source === PUSH_SOURCE ? readMiniProgramPush(payload) : readEvent(payload)

/** Builds every room and tells each who its neighbours are. */
export function createRooms(config: Config, tools: Tools, clients: Clients) {
  const given = toGiven(config, tools, clients)
  const known = createCore(config, given)
  const opened = createBindingRooms({ ...given, ...known })
  const questions = createQuestions({ ...given, ...known })
  const orderClaims = createOrderClaims({ ...given, ...known })
  const leads = createLeads({ ...given, ...known, ...opened })
  const membersOrders = createMembersOrders({ ...given, ...known, leads })
  const { bindCodes, binding } = opened
  const office = createOfficeRooms({ ...given, ...known, bindCodes })
  const kf = createKf({ ...given, ...known, bindCodes, binding })
  const readPicture = () => readAsset('welcome-card.png')
  const welcome = createWelcome({ ...given, ...known, binding, readPicture })
  const callbacks = createCallbacks({ ...given, ...known, read: readPlatformEvent })
  const officialAccount =
    clients.official &&
    createOfficialAccount({
      ...given,
      ...known,
      ...opened,
      callbacks,
      platforms: { official: clients.official },
      replyLimit: config.policy.officialReplyLimit,
    })
  const notices = createNotices({
    ...given,
    ...known,
    kf,
    leads,
    official: officialAccount,
    hasPush: config.push !== null,
    staffQuiet: config.staff.quiet,
  })
  const advisorDesk = createAdvisorDesk({ ...given, ...known, notices })
  const staffDesk = createStaffDesk(config, given, {
    ...known,
    leads,
    questions,
    unreached: notices,
  })
  return {
    ...known,
    ...opened,
    ...office,
    advisorDesk,
    callbacks,
    kf,
    leads,
    membersOrders,
    notices,
    officialAccount,
    orderClaims,
    questions,
    staffDesk,
    welcome,
  }
}

/** Who is who, and whose is what. */
function createCore(config: Config, given: Given) {
  const { sessionHours, adminKey } = config
  const people = createWhoIsWho({ ...given, sessionHours, isSandbox: config.kind === 'sandbox' })
  const members = createMembers(given)
  const media = createMedia({ ...given, pictures: createPictures() })
  const advisors = createAdvisors({ ...given, ...people, media })
  return {
    ...people,
    access: createAccess({ ...given, ...people, members, adminKey }),
    contacts: createContacts({ ...given, ...people }),
    advisors,
    bookings: createBookings({ ...given, ...people, advisors }),
    media,
    members,
    operations: createOperations(given),
    orders: createOrders({ ...given, ...people }),
    projects: createProjects({ ...given, ...people }),
    reasons: createReasons({ ...given, ...people }),
  }
}

/** How an account, its chat and its number come together. */
function createBindingRooms(given: Given & ReturnType<typeof createCore>) {
  const bindCodes = createBindCodes({ ...given, isServedByPeople: createKfServed(given) })
  const binding = createBinding({ ...given, bindCodes, chat: createKfChat(given) })
  const accounts = createAccounts({ ...given, binding })
  const claims = createPhoneClaims({ ...given, accounts })
  return { accounts, bindCodes, binding, claims }
}

/** What the office looks up, loads and mends. */
const createOfficeRooms = (
  given: Given & ReturnType<typeof createCore> & { bindCodes: BindCodes },
) => ({
  directory: createDirectory(given),
  imports: createImports(given),
  monitor: createMonitor(given),
  remedies: createRemedies(given),
  rights: createRights(given),
})

/** What each room hands over, in the order in which they hear of things and stand in the API. */
export const toHandedOver = (rooms: Rooms): Room[] => [
  accountsRoom(rooms.accounts),
  bindCodesRoom(rooms.bindCodes),
  bindingRoom(rooms.binding),
  phoneClaimsRoom(rooms.claims),
  projectsRoom(rooms),
  remediesRoom(rooms.remedies),
  directoryRoom(rooms.directory),
  importsRoom(rooms.imports),
  advisorsRoom(rooms),
  leadsRoom(rooms.leads),
  bookingsRoom(rooms.bookings),
  mediaRoom(rooms.media),
  monitorRoom(rooms.monitor),
  rightsRoom(rooms.rights),
  questionsRoom(rooms.questions, rooms.orderClaims),
  kfRoom(rooms.kf),
  welcomeRoom(rooms.welcome),
  contactsRoom(rooms.contacts),
  membersRoom(rooms.members),
  callbacksRoom(rooms.callbacks),
  tiesRoom(rooms.ties),
  customersRoom(rooms.customers),
  staffRoom(rooms.staffDesk),
  settingsRoom(rooms.settings),
  sessionsRoom(rooms.sessions),
  accessRoom(rooms.access),
  auditRoom(rooms.operations),
  noticesRoom(rooms.notices),
  ...(rooms.officialAccount ? [officialRoom(rooms.officialAccount)] : []),
]
