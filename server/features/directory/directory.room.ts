import type { Room } from '../room.ts'
import { createDirectoryRoutes } from './directory.routes.ts'
import type { Directory } from './directory.ts'

export const directoryRoom = (directory: Directory): Room => ({
  tag: 'customers',
  routes: createDirectoryRoutes(directory),
})
