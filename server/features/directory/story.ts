import type { CustomerStory, CustomerItem } from '../../../shared/api/customers.ts'
import { BOOKING_STATES } from '../../../shared/bookings.ts'
import { maskPhone, toPhones } from '../../../shared/phone.ts'
import { present } from '../../lib/present.ts'
import * as asked from './asked.store.ts'
import type { DirectoryDeps } from './directory.ts'
import type { Row } from './directory.store.ts'
import * as store from './story.store.ts'

type Story = Omit<CustomerStory, Exclude<keyof CustomerItem, 'projects'>>

/** Everything that is known of a customer, from the latest on. */
export async function readStory(
  { db, evidence }: DirectoryDeps,
  { id: customerId, contact, phone }: Row,
): Promise<Story> {
  const phoneHmac = phone === null ? null : evidence.hashPhone(phone)
  const [
    accounts,
    contacts,
    facts,
    history,
    claims,
    questions,
    projects,
    told,
    notices,
    actions,
    bookings,
  ] = await Promise.all([
    store.pageAccounts(db, customerId),
    contact === null ? [] : store.pageFollows(db, contact),
    store.pageEvidence(db, { customerId, contact }),
    store.pageHistory(db, customerId),
    store.pageClaims(db, customerId),
    store.pageQuestions(db, { customerId, contact }),
    store.pageOrders(db, { customerId, phoneHmac }),
    store.pageTold(db, customerId),
    store.pageNotices(db, customerId),
    asked.pageActions(db, customerId),
    asked.pageBookings(db, customerId),
  ])
  return {
    accounts: accounts.map(present),
    contacts: contacts.map(({ userId, remarkMobiles, ...follow }) => ({
      ...present(follow),
      userid: userId,
      notedPhonesMasked: toPhones(remarkMobiles).map(maskPhone),
    })),
    evidence: facts.map(present),
    history: history.map(present),
    claims: claims.map(({ phone: stated, ...claim }) => ({
      ...present(claim),
      ...(stated !== null && { phoneMasked: maskPhone(stated) }),
    })),
    questions: questions.map(present),
    projects: projects.map(present),
    notices: [
      ...notices.map(({ to, ...notice }) => ({ ...present(notice), to: to ?? 'nobody' })),
      ...told.map((notice) => ({ ...present(notice), to: 'staff' })),
    ],
    actions: actions.map(present),
    bookings: bookings.map(({ state, ...booking }) => ({
      ...present(booking),
      state: BOOKING_STATES[state],
    })),
    erp: {},
  }
}
