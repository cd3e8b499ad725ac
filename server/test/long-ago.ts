import type { Person } from '../../scripts/play/people.ts'
import type { Town } from './town.ts'
import { addJob } from './job-desk.ts'

const DAY_SECONDS = 86_400

/**
 * A member adds somebody by phone search, `days` ago: on WeCom's clock and on ours. The callback of the add would be too
 * old by then, so the pull of all contacts finds it, as it would have then.
 */
export async function addLongAgo(
  { control, clock, db, settle }: Town,
  days: number,
  add: () => Promise<unknown>,
): Promise<void> {
  await control.post('/_sandbox/clock', { advanceSeconds: -days * DAY_SECONDS })
  clock.advance(-days * DAY_SECONDS * 1_000)
  await control.post('/_sandbox/faults', { callbacks: { drop: 1 } })
  await add()
  await addJob(db, 'contacts.reconcile')
  await settle()
  await control.post('/_sandbox/faults', { clear: true })
  clock.advance(days * DAY_SECONDS * 1_000)
  await control.post('/_sandbox/clock', { advanceSeconds: days * DAY_SECONDS })
}

/** The order numbers that a customer sees, or the status of the refusal. */
export async function ordersOf(customer: Person): Promise<string[] | number> {
  const { status, body } = await customer.projects()
  return status === 200
    ? body.data.items.map((item: { orderNo: string }) => item.orderNo).sort()
    : status
}
