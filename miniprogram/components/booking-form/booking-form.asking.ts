import { createLatest } from '../../lib/latest.ts'
import { toMessage } from '../../lib/problem.ts'
import { RequestError } from '../../lib/request.ts'
import type { Wish } from '../../services/advisors.ts'
import { newDraft, readDraft, toFormView, type Draft, type FormView } from './booking-form.view.ts'

type Deps = {
  book: (wish: Wish) => Promise<void>
  show: (view: FormView) => void
  onBooked: (wish: Wish) => void
  now: () => number
}

/** It may have been booked all the same; the server makes no second one of the same wish. */
const UNKNOWN = '没有等到回应，请检查网络后再点一次。同样的预约不会重复。'

/** Fills in and sends one booking: one call at a time, whatever is tapped meanwhile. */
export function createBooking({ book, show, onBooked, now }: Deps) {
  let services: readonly string[] = []
  let draft: Draft = newDraft(services, now())
  let busy = false
  const latest = createLatest()
  const turn = (news: { draft?: Draft; hint?: string }): void => {
    draft = news.draft ?? draft
    show(toFormView({ draft, services, busy, hint: news.hint ?? '' }, now()))
  }

  async function submit(): Promise<void> {
    if (busy) return
    const read = readDraft(draft, now())
    if (!read.ok) return turn({ hint: read.hint })
    const isNewest = latest.begin()
    busy = true
    turn({})
    const hint = await book(read.wish).then(() => '', toHint)
    busy = false
    if (!isNewest()) return
    if (hint !== '') return turn({ hint })
    turn({ draft: newDraft(services, now()) })
    onBooked(read.wish)
  }

  return {
    offer: (offered: readonly string[]): void => {
      services = offered
      turn({ draft: { ...draft, service: newDraft(offered, now()).service } })
    },
    fill: (news: Partial<Draft>): void => {
      if (!busy) turn({ draft: { ...draft, ...news } })
    },
    submit,
    leave: (): void => latest.drop(),
  }
}
export type Booking = ReturnType<typeof createBooking>

const toHint = (error: unknown): string =>
  error instanceof RequestError && error.status === 0 ? UNKNOWN : toMessage(error)
