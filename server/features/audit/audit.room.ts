import type { Room } from '../room.ts'
import { createOperationRoutes } from './operations.routes.ts'
import type { Operations } from './operations.ts'

export const auditRoom = (operations: Operations): Room => ({
  tag: 'operations',
  routes: createOperationRoutes(operations),
})
