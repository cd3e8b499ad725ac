import type { Room } from '../room.ts'
import { createSettingsRoutes } from './settings.routes.ts'
import type { Settings } from './settings.ts'

export const settingsRoom = (settings: Settings): Room => ({
  tag: 'settings',
  routes: createSettingsRoutes(settings),
})
