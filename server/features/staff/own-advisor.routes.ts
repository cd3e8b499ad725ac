import * as v from 'valibot'
import {
  AdvisorActions,
  AdvisorBooking,
  AdvisorBookings,
  AdvisorBookingsQuery,
  BookingMove,
  Lead,
  LeadBody,
  LeadPhone,
  Leads as LeadsAnswer,
  PathId,
} from '../../../shared/api/leads.ts'
import { PageQuery } from '../../../shared/api/projects.ts'
import type { Refusals } from '../../http/errors.ts'
import { readPlace, toPlaceMark } from '../../http/places.ts'
import { BAD_CURSOR, route, type Route } from '../../http/route.ts'
import type { Bookings } from '../bookings/bookings.ts'
import type { Leads } from '../leads/leads.ts'
import type { OwnAdvisor } from './own-advisor.ts'

type Deps = {
  ownAdvisor: Pick<OwnAdvisor, 'find'>
  leads: Pick<Leads, 'listFor' | 'listActionsFor' | 'change' | 'reveal'>
  bookings: Pick<Bookings, 'listFor' | 'move'>
}

const DEFAULT_LIMIT = 20
const NOT_ONE = {
  not_one: [403, 'advisor.not_one', '您还不是顾问，请管理员在后台为您建立顾问资料'],
} satisfies Refusals
const LISTED = { ...NOT_ONE, bad_cursor: BAD_CURSOR } satisfies Refusals
const OF_A_LEAD = {
  ...NOT_ONE,
  unknown: [404, 'lead.unknown', '没有找到这位客户，可能已移交给同事，请刷新'],
} satisfies Refusals
const REVEALED = {
  ...OF_A_LEAD,
  too_many: [
    429,
    'lead.too_many_reveals',
    '查看的手机号太多了，请一小时后再试',
    { 'Retry-After': '3600' },
  ],
} satisfies Refusals
const NOT_MOVED = {
  ...NOT_ONE,
  unknown: [404, 'booking.unknown', '没有找到这个预约，可能已移交给同事，请刷新'],
  impossible: [409, 'booking.impossible', '这个预约现在是「{state}」，不能这样改'],
} satisfies Refusals

/** What a member who is an advisor sees of his customers, and does about them: as in the mini-program. */
export const createOwnAdvisorRoutes = (deps: Deps): Route[] => [
  ...createListRoutes(deps),
  createBookingsRoute(deps),
  ...createLeadRoutes(deps),
  createMoveRoute(deps),
]

const QUERY = v.strictObject(PageQuery.entries)

const createListRoutes = ({ ownAdvisor, leads }: Deps): Route[] => [
  route(
    {
      method: 'get',
      path: '/api/staff/leads',
      who: 'staff',
      summary: 'Staff: my leads as an advisor, the latest first',
      query: QUERY,
      data: LeadsAnswer,
      refusals: LISTED,
    },
    async ({ caller, query: { limit = DEFAULT_LIMIT, cursor } }) => {
      const asked = { limit, after: readPlace(cursor) }
      const me = await ownAdvisor.find(caller.userId)
      if (!me) return { refused: 'not_one' }
      const { items, next } = await leads.listFor(me.advisorId, asked)
      return { data: { items, ...toPlaceMark(next) } }
    },
  ),
  route(
    {
      method: 'get',
      path: '/api/staff/actions',
      who: 'staff',
      summary: 'Staff: what customers did about me as an advisor, the latest first',
      query: QUERY,
      data: AdvisorActions,
      refusals: LISTED,
    },
    async ({ caller, query: { limit = DEFAULT_LIMIT, cursor } }) => {
      const asked = { limit, after: readPlace(cursor) }
      const me = await ownAdvisor.find(caller.userId)
      if (!me) return { refused: 'not_one' }
      const { items, next } = await leads.listActionsFor(me.advisorId, asked)
      return { data: { items, ...toPlaceMark(next) } }
    },
  ),
]

const createBookingsRoute = ({ ownAdvisor, bookings }: Deps): Route =>
  route(
    {
      method: 'get',
      path: '/api/staff/bookings',
      who: 'staff',
      summary:
        'Staff: my bookings as an advisor, the latest day first; with from none before that day',
      query: v.strictObject(AdvisorBookingsQuery.entries),
      data: AdvisorBookings,
      refusals: LISTED,
    },
    async ({ caller, query: { limit = DEFAULT_LIMIT, cursor, from = null } }) => {
      const asked = { limit, after: readPlace(cursor), from }
      const me = await ownAdvisor.find(caller.userId)
      if (!me) return { refused: 'not_one' }
      const { items, next } = await bookings.listFor(me.advisorId, asked)
      return { data: { items, ...toPlaceMark(next) } }
    },
  )

const createLeadRoutes = ({ ownAdvisor, leads }: Deps): Route[] => [
  route(
    {
      method: 'post',
      path: '/api/staff/leads/:id',
      who: 'staff',
      summary: 'Staff: how it stands with a lead of mine, and what I note; logged',
      params: PathId,
      body: LeadBody,
      data: Lead,
      refusals: OF_A_LEAD,
    },
    async ({ caller: { userId }, params: { id }, body, requestId }) => {
      const me = await ownAdvisor.find(userId)
      if (!me) return { refused: 'not_one' }
      const operator = { name: userId, requestId }
      const lead = await leads.change(me.advisorId, { id, ...body, operator })
      return lead ? { data: lead, message: '已保存' } : { refused: 'unknown' }
    },
  ),
  route(
    {
      method: 'post',
      path: '/api/staff/leads/:id/reveal',
      who: 'staff',
      reveals: true,
      summary: 'Staff: the full phone of a lead of mine; logged',
      params: PathId,
      data: LeadPhone,
      refusals: REVEALED,
    },
    async ({ caller: { userId }, params: { id }, requestId }) => {
      const me = await ownAdvisor.find(userId)
      if (!me) return { refused: 'not_one' }
      const operator = { name: userId, requestId }
      const revealed = await leads.reveal(me.advisorId, { id, operator })
      return revealed.kind === 'revealed'
        ? { data: { phone: revealed.phone } }
        : { refused: revealed.kind }
    },
  ),
]

const createMoveRoute = ({ ownAdvisor, bookings }: Deps): Route =>
  route(
    {
      method: 'post',
      path: '/api/staff/bookings/:id',
      who: 'staff',
      summary: 'Staff: move a booking of mine; logged, and the customer is told',
      params: PathId,
      body: BookingMove,
      data: AdvisorBooking,
      refusals: NOT_MOVED,
    },
    async ({ caller: { userId }, params: { id }, body: { state }, requestId }) => {
      const me = await ownAdvisor.find(userId)
      if (!me) return { refused: 'not_one' }
      const operator = { name: userId, requestId }
      const moved = await bookings.move(me.advisorId, { id, to: state, operator })
      if (moved.kind === 'moved') return { data: moved.booking, message: '已更新预约' }
      const { kind, ...words } = moved
      return { refused: kind, words }
    },
  )
