import type { Room } from '../room.ts'
import { createSettingsRoutes } from './settings.routes.ts'
import type { Settings } from './settings.ts'

export const settingsRoom = (settings: Settings): Room => ({
  routes: createSettingsRoutes(settings),
})
