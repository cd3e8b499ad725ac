import { serverNow } from '../../lib/clock.ts'
import { toActionLine, toBookingDays, toLeadLine } from './desk.view.ts'
import { createPaged, NOT_LISTED, type Listed, type Paged } from './paged.ts'
import { fetchActions, fetchAppointments, fetchLeads } from './services.ts'

export type Tab = 'actions' | 'leads' | 'bookings'

export const TABS = [
  { tab: 'actions', label: '动态' },
  { tab: 'leads', label: '客户' },
  { tab: 'bookings', label: '预约' },
] as const
export const EMPTY: Record<Tab, string> = {
  actions: '客户看您的简历、联系您、预约您，都会显示在这里。',
  leads: '留下手机号的客户会显示在这里。',
  bookings: '客户的预约会按日期显示在这里。',
}

/** How a list stands; its lines stand beside it, in words. */
const toShown = ({ items, ...rest }: Listed<unknown>) => ({
  ...rest,
  loaded: items !== null,
  count: items?.length ?? 0,
})
export const NOT_SHOWN = toShown(NOT_LISTED)

/** The three lists of the desk; `show` is told by which of them. */
export function createLists(show: (tab: Tab, shown: object) => void): Record<Tab, Paged> {
  const showIn =
    <Item>(tab: Tab, toLines: (items: Item[]) => object) =>
    (listed: Listed<Item>): void =>
      show(tab, { list: toShown(listed), ...toLines(listed.items ?? []) })
  return {
    actions: createPaged({
      fetch: fetchActions,
      keyOf: ({ actionId }) => actionId,
      show: showIn('actions', (items) => ({
        actions: items.map((one) => toActionLine(one, serverNow())),
      })),
    }),
    leads: createPaged({
      fetch: fetchLeads,
      keyOf: ({ id }) => id,
      show: showIn('leads', (items) => ({
        leads: items.map((one) => toLeadLine(one, serverNow())),
      })),
    }),
    bookings: createPaged({
      fetch: fetchAppointments,
      keyOf: ({ id }) => id,
      show: showIn('bookings', (items) => ({ days: toBookingDays(items, serverNow()) })),
    }),
  }
}
