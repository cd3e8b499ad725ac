import type { Room } from '../room.ts'
import { createRequestRoutes } from './requests.routes.ts'
import { createRightsRoutes } from './rights.routes.ts'
import type { Rights } from './rights.ts'

export const rightsRoom = (rights: Rights): Room => ({
  tag: 'rights',
  routes: [...createRequestRoutes(rights), ...createRightsRoutes(rights)],
})
