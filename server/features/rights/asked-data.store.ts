import type { PersonalTable } from './personal-data.store.ts'
import { ofAccount } from './whose.store.ts'

const advisor = '(select a.name from advisors a where a.id = t.advisor_id)'

/** What he asked advisors for, and what they noted of him: part of `PERSONAL`. */
export const ASKED: readonly PersonalTable[] = [
  {
    table: 'booking_moves',
    section: '预约的进展',
    of: `booking_id = any(array(select id from bookings where ${ofAccount}))`,
    shown: 'state moved_by moved_at',
    hidden: 'id booking_id',
    fate: 'deleted',
  },
  {
    table: 'bookings',
    section: '预约',
    of: ofAccount,
    shown: 'day part service note customer_name state booked_at changed_at',
    hidden: 'id account_id advisor_id action_id lead_id',
    beside: { advisor },
    fate: 'deleted',
  },
  {
    table: 'customeractions',
    section: '对顾问的操作',
    of: ofAccount,
    shown: 'action_type customer_name times first_at last_at',
    hidden: 'id account_id advisor_id lead_id created_lead',
    beside: { advisor },
    fate: 'deleted',
  },
  {
    table: 'leads',
    section: '留给顾问的手机号',
    of: ofAccount,
    shown: 'customer_no name phone source state note created_at updated_at',
    hidden: 'id account_id advisor_id created_by remark',
    beside: { advisor, lead_remark: 't.remark' },
    fate: 'deleted',
  },
]
