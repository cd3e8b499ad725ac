import type { Room } from '../room.ts'
import type { Advisors } from './advisors.ts'

export const advisorsRoom = (_advisors: Advisors): Room => ({ tag: 'advisors', routes: [] })
