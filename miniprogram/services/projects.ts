import type { AskAdvisorAnswer, ClaimOrderAnswer } from '../../shared/api/claim-order.ts'
import type { ProjectDetail, ProjectItem } from '../../shared/api/projects.ts'
import type { Why } from '../../shared/api/why.ts'
import { api } from '../lib/api.ts'

export type ProjectPage = { items: ProjectItem[]; nextCursor?: string; why?: Why }

export const PAGE_SIZE = 20

export const fetchProjects = ({
  cursor,
  limit = PAGE_SIZE,
}: { cursor?: string | undefined; limit?: number } = {}): Promise<ProjectPage> =>
  api.get('/api/projects/my', { cursor, limit })

export const fetchProject = (id: string): Promise<ProjectDetail> =>
  api.get(`/api/projects/${encodeURIComponent(id)}`)

const ALL = 100
let grownAt = 0

/** When an order was last found by its number: a list that was loaded before lacks it. */
export const listGrownAt = (): number => grownAt

/**
 * Asks for an order by its number. Answers the id of its project, or null when that could not be looked up: the order
 * is in the list all the same.
 */
export async function claimOrder(orderNo: string): Promise<string | null> {
  await api.post<ClaimOrderAnswer>('/api/projects/claim', { orderNo })
  grownAt = Date.now()
  const { items } = await fetchProjects({ limit: ALL }).catch(() => ({ items: [] }))
  return items.find((item) => item.orderNo.toLowerCase() === orderNo.toLowerCase())?.id ?? null
}

/** Asks those who know the customer to look for orders of his. */
export async function askAdvisor(): Promise<void> {
  await api.post<AskAdvisorAnswer>('/api/projects/ask-advisor')
}
