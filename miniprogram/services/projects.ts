import type { ProjectDetail, ProjectItem } from '../../shared/api/projects.ts'
import { request } from '../lib/api.ts'

export type ProjectPage = { items: ProjectItem[]; nextCursor?: string }

export const PAGE_SIZE = 20

export const fetchProjects = ({ cursor, limit = PAGE_SIZE }: { cursor?: string | undefined; limit?: number } = {}): Promise<ProjectPage> =>
  request({ path: '/api/projects/my', query: { cursor, limit } })

export const fetchProject = (id: string): Promise<ProjectDetail> => request({ path: `/api/projects/${encodeURIComponent(id)}` })
