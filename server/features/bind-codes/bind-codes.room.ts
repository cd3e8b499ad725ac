import type { Room } from '../room.ts'
import { createBindCodeRoutes } from './bind-codes.routes.ts'
import type { BindCodes } from './bind-codes.ts'

export const bindCodesRoom = (bindCodes: BindCodes): Room => ({
  tag: 'binding',
  routes: createBindCodeRoutes(bindCodes),
})
