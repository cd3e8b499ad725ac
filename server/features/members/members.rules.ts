import type { MemberLook } from '../../outside/wecom/members.ts'

export type Standing = 'active' | 'disabled' | 'gone' | 'hidden'

export function toStanding(look: MemberLook): Standing {
  if (look.kind !== 'found') return look.kind
  return look.active ? 'active' : 'disabled'
}

/** Works here no more. Whoever is merely hidden may: the visible range of an app is no list of employees. */
export const hasLeft = (standing: Standing): boolean =>
  standing === 'gone' || standing === 'disabled'
