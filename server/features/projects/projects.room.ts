import { handle } from '../../lib/job-kinds.ts'
import type { Room } from '../room.ts'
import { projectJobs } from './projects.jobs.ts'
import { createProjectRoutes } from './projects.routes.ts'
import type { Projects } from './projects.ts'

export const projectsRoom = (projects: Projects): Room => ({
  routes: createProjectRoutes(projects),
  listeners: { 'settings.changed': [() => projectJobs.applySettings.of()] },
  handlers: handle(projectJobs, { applySettings: () => projects.applySettings() }),
})
