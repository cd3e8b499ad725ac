import type { ProjectItem } from '../../../shared/api/projects.ts'
import type { Why } from '../../../shared/api/why.ts'
import {
  toProjectCard,
  type ProjectCardView,
} from '../../components/project-card/project-card.view.ts'

export type ProjectsView = {
  cards: ProjectCardView[]
  cursor: string
  foot: string
  /** What an empty list means; its sentence is the server's. */
  empty: string
}

/** The list after another page; a project that moved between two pages is shown once, in its newest state. */
export function addPage(
  shown: readonly ProjectCardView[],
  page: { items: ProjectItem[]; nextCursor?: string; why?: Why },
  now: number,
): ProjectsView {
  const fresh = page.items.map((item) => toProjectCard(item, now))
  const ids = new Set(fresh.map((card) => card.id))
  const cards = [...shown.filter((card) => !ids.has(card.id)), ...fresh]
  const cursor = page.nextCursor ?? ''
  return { cards, cursor, foot: toFoot(cards.length, cursor), empty: page.why?.nextStep ?? '' }
}

const toFoot = (count: number, cursor: string): string =>
  cursor !== '' ? '继续往下滑，查看更多' : count > 5 ? `全部 ${count} 个项目都在这里了` : ''
