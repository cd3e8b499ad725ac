import type { Advisors } from '../features/advisors/advisors.ts'
import type { Audit } from '../features/audit/audit.ts'
import type { Bookings } from '../features/bookings/bookings.ts'
import type { Contacts } from '../features/contacts/contacts.ts'
import type { Customers } from '../features/customers/customers.ts'
import type { Leads } from '../features/leads/leads.ts'
import type { Members } from '../features/members/members.ts'
import type { Questions } from '../features/questions/questions.ts'
import { createNotices } from '../features/staff/notices.ts'
import { createOwnAdvisor } from '../features/staff/own-advisor.ts'
import { createStaffSignIn } from '../features/staff/sign-in.ts'
import { createLists } from '../features/staff/lists.ts'
import { createStaff } from '../features/staff/staff.ts'
import type { Reviews } from '../features/reviews/reviews.ts'
import type { Ties } from '../features/ties/ties.ts'
import { createCookies } from '../http/cookies.ts'
import type { Config } from '../config.ts'
import type { Clients, Tools } from './tools.ts'

type Given = Tools & { platforms: Clients['wecom'] }
type Neighbours = {
  advisors: Advisors
  audit: Audit
  bookings: Bookings
  contacts: Contacts
  customers: Customers
  leads: Leads
  members: Members
  questions: Questions
  reviews: Reviews
  ties: Ties
  unreached: Parameters<typeof createNotices>[0]['unreached']
}

/** What members of the company see and are told. Beside a sandbox the pages need no public address. */
export function createStaffDesk(config: Config, tools: Given, neighbours: Neighbours) {
  const { corpId, agentId, openKfId } = config.wecom
  const baseUrl =
    config.publicBaseUrl ??
    (config.kind === 'sandbox' ? `http://127.0.0.1:${String(config.port)}` : null)
  const given = { ...tools, ...neighbours, corpId, agentId, baseUrl }
  const { bookings, leads, questions } = neighbours
  const { clock, log, timeZone } = tools
  return {
    corpId,
    agentId,
    baseUrl,
    bookings,
    leads,
    questions,
    clock,
    log,
    timeZone,
    cookies: createCookies(baseUrl),
    staff: createStaff(given),
    ownAdvisor: createOwnAdvisor(given),
    lists: createLists({ ...given, notifyUserIds: config.staff.notifyUserIds }),
    signIn: createStaffSignIn(given),
    notices: createNotices({ ...given, openKfId, ...config.staff }),
  }
}
