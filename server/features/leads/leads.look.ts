import type { AdvisorAction, AdvisorCustomer, Lead } from '../../../shared/api/leads.ts'
import { cutPage, type PageOf, type Place } from '../../lib/pages.ts'
import * as actions from './actions.store.ts'
import type { LeadsDeps } from './leads.deps.ts'
import { toAction, toLead } from './leads.present.ts'
import * as store from './leads.store.ts'

type Page<Item> = { items: Item[]; next: Place | undefined }
type OfAdvisor = { advisorId: string; id: string }
type Listing = PageOf & { advisorId: string }

export async function listActions(
  { db }: LeadsDeps,
  { limit, ...page }: Listing,
): Promise<Page<AdvisorAction>> {
  const rows = await actions.pageOfAdvisor(db, { ...page, limit: limit + 1 })
  const { shown, last } = cutPage(rows, limit)
  return { items: shown.map(toAction), next: last && { at: last.lastAt, id: last.id } }
}

export async function listLeads(
  { db }: LeadsDeps,
  { limit, ...page }: Listing,
): Promise<Page<Lead>> {
  const rows = await store.pageOfAdvisor(db, { ...page, limit: limit + 1 })
  const { shown, last } = cutPage(rows, limit)
  return { items: shown.map(toLead), next: last && { at: last.createdAt, id: last.id } }
}

/** More nobody reads on one page. */
const MOST = 50

export async function findCustomer(
  { db, bookings }: LeadsDeps,
  { advisorId, id }: OfAdvisor,
): Promise<AdvisorCustomer | undefined> {
  const found = await findWho({ db, bookings }, { advisorId, id })
  if (!found) return undefined
  const { accountId, lead, name, phoneMasked } = found
  const customer = { accountId, advisorId, leadId: lead?.id ?? null }
  const [done, booked] = await Promise.all([
    actions.pageOfCustomer(db, { ...customer, limit: MOST }),
    bookings.listOfCustomer(customer),
  ])
  return {
    id: lead?.id ?? id,
    name,
    phoneMasked,
    lead,
    actions: done.map(toAction),
    bookings: booked,
  }
}

type Who = Pick<AdvisorCustomer, 'name' | 'phoneMasked' | 'lead'> & { accountId: number }

/** Who stated no phone this time may have done so before: the lead is that of the account. */
async function findWho(
  { db, bookings }: Pick<LeadsDeps, 'db' | 'bookings'>,
  { advisorId, id }: OfAdvisor,
): Promise<Who | undefined> {
  const own = await store.findOfAdvisor(db, { advisorId, id })
  if (own) return toWho(own)
  const action = await actions.findAction(db, id)
  if (!action) return undefined
  // A booking that was handed over without a lead is found by what the customer did with who had it.
  const isHis =
    action.advisorId === advisorId || (await bookings.findOfAction(id))?.advisorId === advisorId
  if (!isHis) return undefined
  const { accountId } = action
  const latest = await store.findLatest(db, { accountId, advisorId })
  if (latest) return toWho(latest)
  const { customerName: name, phoneMasked } = toAction(action)
  return { accountId, name, phoneMasked, lead: null }
}

const toWho = (row: store.LeadRow): Who => {
  const lead = toLead(row)
  return { accountId: row.accountId, name: lead.name, phoneMasked: lead.phoneMasked, lead }
}
