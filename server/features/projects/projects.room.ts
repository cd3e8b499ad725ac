import { handle } from '../../lib/job-kinds.ts'
import type { Room } from '../room.ts'
import { createMemberRoutes } from './members.routes.ts'
import type { MembersOrders } from './members.ts'
import { createOrderRoutes } from './orders.routes.ts'
import type { Orders } from './orders.ts'
import { projectJobs } from './projects.jobs.ts'
import { createProjectRoutes } from './projects.routes.ts'
import type { Projects } from './projects.ts'

type Given = { projects: Projects; orders: Orders; membersOrders: MembersOrders }

export const projectsRoom = ({ projects, orders, membersOrders }: Given): Room => ({
  tag: 'projects',
  routes: [
    ...createProjectRoutes(projects),
    ...createOrderRoutes(orders),
    ...createMemberRoutes(membersOrders),
  ],
  listeners: { 'settings.changed': [() => projectJobs.applySettings.of()] },
  handlers: handle(projectJobs, { applySettings: () => projects.applySettings() }),
})
