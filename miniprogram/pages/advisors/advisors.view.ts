import { toFace, type AdvisorFace } from '../../lib/advisor-card.ts'
import { PAGES } from '../../lib/ui.ts'
import type { AdvisorCard, AdvisorPage } from '../../services/advisors.ts'

export type AdvisorsView = { cards: AdvisorFace[]; cursor: string }

const MOST_SERVICES = 3

const toCard = (card: AdvisorCard): AdvisorFace => ({
  ...toFace(card),
  services: card.services.slice(0, MOST_SERVICES),
})

/** The list after another page; somebody who stands on both is shown once. */
export function addAdvisors(shown: AdvisorsView | null, page: AdvisorPage): AdvisorsView {
  const fresh = page.items.map(toCard)
  const ids = new Set(fresh.map(({ id }) => id))
  return {
    cards: [...(shown?.cards ?? []).filter(({ id }) => !ids.has(id)), ...fresh],
    cursor: page.nextCursor ?? '',
  }
}

/** One who is alone needs no list. */
export const findOnly = ({ items, nextCursor }: AdvisorPage): string | null =>
  items.length === 1 && nextCursor === undefined ? items[0]!.advisorId : null

export type AdvisorEntry = { title: string; note: string; url: string }

/** The way to the advisors from other pages; null: there are none. */
export function toAdvisorEntry(page: AdvisorPage): AdvisorEntry | null {
  const only = findOnly(page)
  if (page.items.length === 0) return null
  return only === null
    ? { title: '我们的顾问', note: '看简历，预约服务', url: PAGES.advisors }
    : {
        title: `顾问 ${page.items[0]!.name}`,
        note: '看简历，预约服务',
        url: PAGES.advisor(only),
      }
}
