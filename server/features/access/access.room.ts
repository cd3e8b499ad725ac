import { handle } from '../../lib/job-kinds.ts'
import type { Room } from '../room.ts'
import { accessJobs } from './access.jobs.ts'
import { createAccessRoutes } from './access.routes.ts'
import type { Access } from './access.ts'

export const accessRoom = (access: Access): Room => ({
  tag: 'access',
  routes: createAccessRoutes(access),
  listeners: { 'member.left': [({ userId }) => accessJobs.endRole.of({ userId })] },
  handlers: handle(accessJobs, { endRole: ({ userId }) => access.endRole(userId) }),
})
