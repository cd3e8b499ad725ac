import type { Room } from '../room.ts'
import { createMonitorRoutes } from './monitor.routes.ts'
import type { Monitor } from './monitor.ts'

export const monitorRoom = (monitor: Monitor): Room => ({
  tag: 'monitor',
  routes: createMonitorRoutes(monitor),
})
