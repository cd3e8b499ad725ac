import type { Room } from '../room.ts'
import { createRemedyRoutes } from './remedies.routes.ts'
import type { Remedies } from './remedies.ts'

export const remediesRoom = (remedies: Remedies): Room => ({
  tag: 'remedies',
  routes: createRemedyRoutes(remedies),
})
