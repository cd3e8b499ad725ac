import type { ProjectItem } from '../../../shared/api/projects.ts'
import type { Why } from '../../../shared/api/why.ts'
import {
  toProjectCard,
  type ProjectCardView,
} from '../../components/project-card/project-card.view.ts'

export type ProjectsView = {
  running: ProjectCardView[]
  finished: ProjectCardView[]
  /** The finished ones stand below the running ones: they wait while a page may still bring one that runs. */
  showsFinished: boolean
  cursor: string
  foot: string
  /** What an empty list means; its sentence is the server's. */
  empty: string
}

type Page = { items: ProjectItem[]; nextCursor?: string; why?: Why }

export const NO_PROJECTS: ProjectsView = {
  running: [],
  finished: [],
  showsFinished: false,
  cursor: '',
  foot: '',
  empty: '',
}

export const countOf = ({ running, finished }: ProjectsView): number =>
  running.length + finished.length

/**
 * The list after another page. The server sends what changed last first, running and finished mixed: they are shown apart,
 * and nothing is ever put in above what is being read. A project that moved between two pages is shown once, in its newest
 * state.
 */
export function addPage(shown: ProjectsView, page: Page, now: number): ProjectsView {
  const fresh = page.items.map((item) => toProjectCard(item, now))
  const ids = new Set(fresh.map(({ id }) => id))
  const cards = [...shown.running, ...shown.finished].filter(({ id }) => !ids.has(id)).concat(fresh)
  const [running, finished] = [
    cards.filter((card) => !card.finished),
    cards.filter((card) => card.finished),
  ]
  const cursor = page.nextCursor ?? ''
  const showsFinished = finished.length > 0 && (cursor === '' || running.length === 0)
  return {
    running,
    finished,
    showsFinished,
    cursor,
    foot: toFoot({ count: cards.length, cursor, holds: finished.length > 0 && !showsFinished }),
    empty: page.why?.nextStep ?? '',
  }
}

function toFoot({
  count,
  cursor,
  holds,
}: {
  count: number
  cursor: string
  holds: boolean
}): string {
  if (cursor !== '') return holds ? '查看更多，已完成的在最后' : '继续往下滑，查看更多'
  return count > 5 ? `全部 ${count} 个项目都在这里了` : ''
}
