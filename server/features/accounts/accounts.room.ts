import type { Room } from '../room.ts'
import { createAccountRoutes } from './accounts.routes.ts'
import type { Accounts } from './accounts.ts'

export const accountsRoom = (accounts: Accounts): Room => ({
  tag: 'accounts',
  routes: createAccountRoutes(accounts),
})
