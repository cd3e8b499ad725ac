import { createLatest } from '../../lib/latest.ts'
import type { Asked, Consents } from '../../lib/subscribe.ts'
import type { NoticeTemplate } from '../../services/notices.ts'
import { NOTHING_ASKED, toOutcome, type ConsentFacts } from './notice-consent.view.ts'

type Deps = {
  fetch: () => Promise<NoticeTemplate[]>
  /** WeChat's dialog. */
  ask: (templateIds: string[]) => Promise<Asked>
  report: (consents: Consents) => Promise<NoticeTemplate[]>
  show: (facts: ConsentFacts) => void
}

/** WeChat tells the server of a yes by itself, in its own time. */
const TOLD_MS = 2000

/** Asks for consent by a tap, reports what was said and shows what is left. */
export function createConsenting({ fetch, ask, report, show }: Deps) {
  let facts = NOTHING_ASKED
  let timer = 0
  const latest = createLatest()
  const turn = (news: Partial<ConsentFacts>): void => {
    facts = { ...facts, ...news }
    show(facts)
  }

  /** Notices are an offer: what could not be loaded is not missed. */
  async function load(): Promise<void> {
    const isNewest = latest.begin()
    const templates = await fetch().catch(() => facts.templates)
    if (isNewest()) turn({ templates })
  }

  /** Nothing is awaited before WeChat is asked: it answers only a tap. */
  async function onTap(): Promise<void> {
    if (facts.busy) return
    const asked = ask(facts.templates.map(({ templateId }) => templateId))
    turn({ busy: true })
    const said = await asked
    const templates =
      'consents' in said
        ? await report(said.consents).catch(() => facts.templates)
        : facts.templates
    turn({ busy: false, outcome: toOutcome(said), templates })
    clearTimeout(timer)
    timer = setTimeout(() => void load(), TOLD_MS)
  }
  function leave(): void {
    clearTimeout(timer)
    latest.drop()
  }
  return { load, onTap, leave }
}
export type Consenting = ReturnType<typeof createConsenting>
