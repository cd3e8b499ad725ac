import { NO_ADVISOR } from '../../../shared/api/advisors.ts'
import {
  AdvisorActions,
  AdvisorCustomer,
  Lead,
  LeadBody,
  LeadPhone,
  Leads as LeadsOut,
  PathId,
} from '../../../shared/api/leads.ts'
import { PageQuery } from '../../../shared/api/projects.ts'
import type { Refusals } from '../../http/errors.ts'
import { readPlace, toPlaceMark } from '../../http/places.ts'
import { BAD_CURSOR, route, type Route } from '../../http/route.ts'
import type { Leads } from './leads.ts'

const DEFAULT_LIMIT = 20
const LISTED = { ...NO_ADVISOR, bad_cursor: BAD_CURSOR } satisfies Refusals
const OF_A_LEAD = {
  ...NO_ADVISOR,
  unknown: [404, 'lead.unknown', '没有找到这位客户'],
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

/** What an advisor sees of his customers, and does about them. */
export const createLeadRoutes = (leads: Leads): Route[] => [
  ...createListRoutes(leads),
  ...createLookRoutes(leads),
  ...createDeedRoutes(leads),
]

function createListRoutes(
  leads: Pick<Leads, 'findActing' | 'listActionsFor' | 'listFor'>,
): Route[] {
  return [
    route(
      {
        method: 'get',
        path: '/api/advisor/actions',
        who: 'customer',
        summary: 'Advisor: what customers did about me, the latest first',
        query: PageQuery,
        data: AdvisorActions,
        refusals: LISTED,
      },
      async ({ caller, query: { limit = DEFAULT_LIMIT, cursor } }) => {
        const asked = { limit, after: readPlace(cursor) }
        const me = await leads.findActing(caller.accountId)
        if (!me) return { refused: 'not_one' }
        const page = await leads.listActionsFor(me.advisorId, asked)
        return { data: { items: page.items, ...toPlaceMark(page.next) } }
      },
    ),
    route(
      {
        method: 'get',
        path: '/api/advisor/leads',
        who: 'customer',
        summary: 'Advisor: my leads, the latest first',
        query: PageQuery,
        data: LeadsOut,
        refusals: LISTED,
      },
      async ({ caller, query: { limit = DEFAULT_LIMIT, cursor } }) => {
        const asked = { limit, after: readPlace(cursor) }
        const me = await leads.findActing(caller.accountId)
        if (!me) return { refused: 'not_one' }
        const page = await leads.listFor(me.advisorId, asked)
        return { data: { items: page.items, ...toPlaceMark(page.next) } }
      },
    ),
  ]
}

function createLookRoutes(
  leads: Pick<Leads, 'findActing' | 'findFor' | 'findCustomerFor'>,
): Route[] {
  return [
    route(
      {
        method: 'get',
        path: '/api/advisor/leads/:id',
        who: 'customer',
        summary: 'Advisor: one of my leads',
        params: PathId,
        data: Lead,
        refusals: OF_A_LEAD,
      },
      async ({ caller, params }) => {
        const me = await leads.findActing(caller.accountId)
        if (!me) return { refused: 'not_one' }
        const lead = await leads.findFor(me.advisorId, params.id)
        return lead ? { data: lead } : { refused: 'unknown' }
      },
    ),
    route(
      {
        method: 'get',
        path: '/api/advisor/customers/:id',
        who: 'customer',
        summary: 'Advisor: a customer of mine, by a lead or an action (the page of R2.8)',
        params: PathId,
        data: AdvisorCustomer,
        refusals: OF_A_LEAD,
      },
      async ({ caller, params }) => {
        const me = await leads.findActing(caller.accountId)
        if (!me) return { refused: 'not_one' }
        const customer = await leads.findCustomerFor(me.advisorId, params.id)
        return customer ? { data: customer } : { refused: 'unknown' }
      },
    ),
  ]
}

function createDeedRoutes(leads: Pick<Leads, 'findActing' | 'change' | 'reveal'>): Route[] {
  return [
    route(
      {
        method: 'post',
        path: '/api/advisor/leads/:id',
        who: 'customer',
        summary: 'Advisor: how it stands with a lead of mine, and what I note; logged',
        params: PathId,
        body: LeadBody,
        data: Lead,
        refusals: OF_A_LEAD,
      },
      async ({ caller, params: { id }, body, requestId }) => {
        const me = await leads.findActing(caller.accountId)
        if (!me) return { refused: 'not_one' }
        const operator = { name: me.operator, requestId }
        const lead = await leads.change(me.advisorId, { id, ...body, operator })
        return lead ? { data: lead, message: '已保存' } : { refused: 'unknown' }
      },
    ),
    route(
      {
        method: 'post',
        path: '/api/advisor/leads/:id/reveal',
        who: 'customer',
        reveals: true,
        summary: 'Advisor: the full phone of a lead of mine; logged',
        params: PathId,
        data: LeadPhone,
        refusals: REVEALED,
      },
      async ({ caller, params: { id }, requestId }) => {
        const me = await leads.findActing(caller.accountId)
        if (!me) return { refused: 'not_one' }
        const operator = { name: me.operator, requestId }
        const revealed = await leads.reveal(me.advisorId, { id, operator })
        if (revealed.kind !== 'revealed') return { refused: revealed.kind }
        return { data: { phone: revealed.phone } }
      },
    ),
  ]
}
