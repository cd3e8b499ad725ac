import { createLatest } from '../../lib/latest.ts'
import { toMessage } from '../../lib/problem.ts'
import { RequestError } from '../../lib/request.ts'
import { CLOSED, readOrderNo, type ClaimView } from './claim-order.view.ts'

type ClaimDeps = {
  /** Answers the id of the project, null when only the list can show it; throws what the server refused with. */
  claim: (orderNo: string) => Promise<string | null>
  askAdvisor: () => Promise<void>
  show: (news: Partial<ClaimView>) => void
  onFound: (id: string | null) => void
  now: () => number
}

/** Asks for an order by its number, then for an advisor: one call at a time, none after the component is gone. */
export function createAsking({ claim, askAdvisor, show, onFound, now }: ClaimDeps) {
  let view = CLOSED
  let waitUntil = 0
  const latest = createLatest()
  const turn = (news: Partial<ClaimView>): void => {
    view = { ...view, ...news }
    show(news)
  }

  async function submit(): Promise<void> {
    if (view.busy !== 'no') return
    const read = readOrderNo(view.typed)
    if (!read.ok) return turn({ hint: read.hint })
    if (now() < waitUntil) return
    const isNewest = latest.begin()
    turn({ busy: 'claim', hint: '' })
    try {
      const id = await claim(read.orderNo)
      if (!isNewest()) return
      turn({ busy: 'no', typed: '', found: read.orderNo })
      onFound(id)
    } catch (error) {
      if (!isNewest()) return
      waitUntil = now() + waitMsOf(error)
      turn({ busy: 'no', hint: toMessage(error) })
    }
  }

  async function ask(): Promise<void> {
    if (view.busy !== 'no' || view.asked) return
    const isNewest = latest.begin()
    turn({ busy: 'advisor', askHint: '' })
    try {
      await askAdvisor()
      if (isNewest()) turn({ busy: 'no', asked: true })
    } catch (error) {
      if (isNewest()) turn({ busy: 'no', askHint: toMessage(error) })
    }
  }

  return {
    open: (): void => turn({ open: true }),
    /** The words about waiting stay while the wait lasts, other words are about what was typed before. */
    type: (typed: string): void => {
      if (view.busy === 'no') turn({ typed, ...(now() >= waitUntil && { hint: '' }) })
    },
    submit,
    ask,
    again: (): void => turn({ found: '' }),
    leave: (): void => latest.drop(),
  }
}
export type Asking = ReturnType<typeof createAsking>

/** A try that is refused for being one too many says nothing new, and the next would not either. */
const waitMsOf = (error: unknown): number =>
  error instanceof RequestError && error.status === 429 ? error.retryAfterSeconds * 1000 : 0
