import type { Route } from '../http/route.ts'
import type { Schedule } from '../lib/cron.ts'
import type { Listeners } from '../lib/facts.ts'
import type { Handled, Job } from '../lib/jobs.ts'
import type { WecomEvent } from '../outside/wecom/wecom.event.ts'
import type { Fact } from './facts.ts'

/** What wakes a room up; it is handed to the architect as one object. */
export type Room = {
  routes?: Route[]
  /** Facts of other rooms, and the jobs they become here. */
  listeners?: Listeners<Fact>
  /** Callbacks of WeCom, and the jobs they become here. */
  onWecomEvent?: OnWecomEvent
  handlers?: Handled[]
  schedules?: Schedule[]
}
export type OnWecomEvent = (event: WecomEvent, callback: { id: number; receivedAt: Date }) => Job[]
