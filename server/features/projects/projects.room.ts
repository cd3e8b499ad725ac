import { handle } from '../../lib/job-kinds.ts'
import type { Room } from '../room.ts'
import { createOrderRoutes } from './orders.routes.ts'
import type { Orders } from './orders.ts'
import { projectJobs } from './projects.jobs.ts'
import { createProjectRoutes } from './projects.routes.ts'
import type { Projects } from './projects.ts'

export const projectsRoom = (projects: Projects, orders: Orders): Room => ({
  routes: [...createProjectRoutes(projects), ...createOrderRoutes(orders)],
  listeners: { 'settings.changed': [() => projectJobs.applySettings.of()] },
  handlers: handle(projectJobs, { applySettings: () => projects.applySettings() }),
})
